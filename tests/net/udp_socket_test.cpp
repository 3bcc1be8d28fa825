#include "net/udp_socket.hpp"

#include <cerrno>
#include <chrono>
#include <optional>
#include <poll.h>
#include <vector>

#include <gtest/gtest.h>

#include "kit/two_hosts.hpp"
#include "os/clock.hpp"

namespace querent::net {
namespace {

using namespace std::chrono_literals;

constexpr int kPatience = 20'000;  // milliseconds
constexpr UdpChannel kChannel{.group = Address::v4(239, 1, 2, 3), .port = 5004};

class UdpSocket : public test::TwoHosts {
 protected:
  // Sockets that hear (send) where the host is, wherever they are read (written) from.
  static std::optional<UdpReceiver> receiver_at(const lab::Namespace& host, int interface_index,
                                                const UdpChannel& channel = kChannel) {
    auto receiver = host.inside([&] { return UdpReceiver::open(interface_index, channel); });
    EXPECT_TRUE(receiver) << receiver.error().to_string();
    return receiver ? std::optional(std::move(*receiver)) : std::nullopt;
  }
  static std::optional<UdpSender> sender_at(const lab::Namespace& host,
                                            const UdpSenderSettings& settings) {
    auto sender = host.inside([&] { return UdpSender::open(settings); });
    EXPECT_TRUE(sender) << sender.error().to_string();
    return sender ? std::optional(std::move(*sender)) : std::nullopt;
  }
  static bool is_readable(const UdpReceiver& receiver, int milliseconds = kPatience) {
    pollfd readable{.fd = receiver.fd().number(), .events = POLLIN};
    return ::poll(&readable, 1, milliseconds) == 1;
  }
};

TEST_F(UdpSocket, SaysWhoSentWhatAndWhen) {
  auto receiver = receiver_at(this->receiver(), index_at_receiver());
  DatagramBatch batch;
  EXPECT_TRUE(receiver->receive(batch).value().empty());
  const Instant before = os::now();
  send_from(kSecond, Bytes(1000, 0x55));
  send_from(kFirst, {});
  ASSERT_TRUE(is_readable(*receiver));
  const Instant after = os::now();
  const auto datagrams = receiver->receive(batch);
  ASSERT_EQ(datagrams.value().size(), 2U);
  const ReceivedDatagram& first = (*datagrams)[0];
  EXPECT_EQ(first.sender, kSecond);
  EXPECT_NE(first.sender_port, 0);
  EXPECT_EQ(first.octets, 1000U);
  EXPECT_EQ(Bytes(first.payload.begin(), first.payload.end()), Bytes(DatagramBatch::kKept, 0x55));
  // The clocks are read one after the other.
  EXPECT_GE(first.arrived, before - 1ms);
  EXPECT_LE(first.arrived, after + 1ms);
  EXPECT_EQ((*datagrams)[1].sender, kFirst);
  EXPECT_EQ((*datagrams)[1].octets, 0U);
  EXPECT_TRUE((*datagrams)[1].payload.empty());
}

// When they arrived, not when somebody looked.
TEST_F(UdpSocket, ArrivalIsTheKernels) {
  auto early = receiver_at(receiver(), index_at_receiver());
  send_from(kFirst, {1});
  ASSERT_TRUE(is_readable(*early));
  const Instant arrived = os::now();
  EXPECT_FALSE(is_readable(*receiver_at(receiver(), index_at_receiver()), 50));
  DatagramBatch batch;
  const auto datagrams = early->receive(batch);
  ASSERT_EQ(datagrams.value().size(), 1U);
  EXPECT_LE((*datagrams)[0].arrived, arrived + 1ms);
}

// Joined by others on another interface, the group's datagrams there are not ours.
TEST_F(UdpSocket, HearsItsInterfaceAlone) {
  constexpr int kLoopback = 1;
  auto here = receiver_at(receiver(), index_at_receiver());
  auto loopback = receiver_at(receiver(), kLoopback);
  auto sender = sender_at(receiver(), {.interface_index = kLoopback});
  ASSERT_TRUE(sender->send(kChannel.group, kChannel.port, Bytes{1}));
  ASSERT_TRUE(is_readable(*loopback));
  EXPECT_FALSE(is_readable(*here, 0));
}

TEST_F(UdpSocket, TwoSocketsHearTheSame) {
  auto one = receiver_at(receiver(), index_at_receiver());
  auto other = receiver_at(receiver(), index_at_receiver());
  send_from(kFirst, {1});
  EXPECT_TRUE(is_readable(*one));
  EXPECT_TRUE(is_readable(*other));
}

TEST_F(UdpSocket, SendsFromThePortThatWasAskedFor) {
  auto receiver = receiver_at(this->receiver(), index_at_receiver());
  const int index = sender().links().index_of("eth0").value();
  auto sending = sender_at(sender(), {.interface_index = index, .source_port = 4711});
  ASSERT_TRUE(sending->send(kChannel.group, kChannel.port, Bytes{1, 2}));
  ASSERT_TRUE(is_readable(*receiver));
  DatagramBatch batch;
  const auto datagrams = receiver->receive(batch);
  ASSERT_EQ(datagrams.value().size(), 1U);
  EXPECT_EQ((*datagrams)[0].sender_port, 4711);
  EXPECT_EQ((*datagrams)[0].octets, 2U);
}

TEST_F(UdpSocket, CountsWhatTheKernelDropped) {
  auto receiver = receiver_at(this->receiver(), index_at_receiver());
  const int index = sender().links().index_of("eth0").value();
  auto sending = sender_at(sender(), {.interface_index = index});
  constexpr std::uint64_t kSent = 30'000;
  for (std::uint64_t i = 0; i < kSent; ++i) {
    ASSERT_TRUE(sending->send(kChannel.group, kChannel.port, Bytes(1000)));
  }
  EXPECT_GT(receiver->drops(), 0U);
  DatagramBatch batch;
  std::uint64_t received = 0;
  for (auto datagrams = receiver->receive(batch); !datagrams.value().empty();
       datagrams = receiver->receive(batch)) {
    received += datagrams->size();
  }
  EXPECT_EQ(received + receiver->drops(), kSent);
}

TEST_F(UdpSocket, NoSuchInterface) {
  const auto receiver = this->receiver().inside([] { return UdpReceiver::open(4711, kChannel); });
  ASSERT_FALSE(receiver);
  EXPECT_EQ(receiver.error().to_string(), "cannot join 239.1.2.3: No such device (ENODEV)");
  const auto sender = this->sender().inside([] { return UdpSender::open({4711}); });
  ASSERT_FALSE(sender);
  EXPECT_EQ(sender.error().number, EADDRNOTAVAIL);
}

TEST_F(UdpSocket, ADatagramThatIsTooLong) {
  const int index = sender().links().index_of("eth0").value();
  auto sending = sender_at(sender(), {.interface_index = index});
  EXPECT_TRUE(sending->send(kChannel.group, kChannel.port, Bytes(65507)));
  const auto refused = sending->send(kChannel.group, kChannel.port, Bytes(65508));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number, EMSGSIZE);
}

}  // namespace
}  // namespace querent::net

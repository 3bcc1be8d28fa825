#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/core.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "kit/querent_lan.hpp"
#include "kit/switch_table.hpp"
#include "net/netlink_socket.hpp"
#include "net/socket_address.hpp"
#include "net/socket_options.hpp"
#include "os/clock.hpp"

// IPv6 finds its neighbours by multicast. Behind a switch that snoops MLD and that nobody queries,
// hosts that were silent for long cannot be found any more:
//
//   h1: who looks for h2    h2: who is looked for    h3: querent

namespace querent::test {

namespace {

using lab::Lan;

constexpr int kSeeker = 1;
constexpr int kSought = 2;
constexpr int kQuerent = 3;
constexpr std::uint16_t kPort = 5004;
constexpr Duration kWindow = 2s;  // of the switch's memory

enum class Outcome : std::uint8_t { kArrived, kUnreachable, kNeither };

std::ostream& operator<<(std::ostream& out, Outcome outcome) {
  constexpr std::array<const char*, 3> kNames{"arrived", "unreachable", "neither"};
  return out << kNames.at(static_cast<std::size_t>(outcome));
}

int milliseconds(Duration time) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

// RFC 4291 2.7.1.
Address solicited_node_group(Address address) {
  return Address::v6(0xFF02000000000000, 0x00000001FF000000 | (address.low64() & 0xFFFFFF));
}

class NeighbourDiscovery : public testing::Test {
 protected:
  void SetUp() override {
    const auto here = net::socket_address(Address::unspecified(Family::kIPv6), kPort, 0);
    ASSERT_EQ(::bind(receiver_.number(), here.get(), here.length), 0);
  }

  static Address seeker() { return Lan::address_of(kSeeker, Family::kIPv6); }
  static Address sought() { return Lan::address_of(kSought, Family::kIPv6); }

  os::Fd open_udp(int host) {
    const auto fd = lan_.host(host).inside(
        [] { return ::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); });
    EXPECT_TRUE(fd && *fd >= 0);
    return os::Fd(fd.value_or(-1));
  }

  // By the switch, at the port of who is looked for.
  bool becomes_listed(bool wanted, Duration patience) {
    return await_table(lan_.switch_of(kSought),
                       {Lan::port_of(kSought), solicited_node_group(sought()), wanted}, patience);
  }
  // Hosts also report by themselves when they come; their reports are not as far apart as the
  // switch's memory is long.
  void await_oblivion() {
    do {
      ASSERT_TRUE(becomes_listed(false, kPatience)) << "somebody asks";
    } while (becomes_listed(true, kWindow));
  }

  // As after a quarter of an hour without a word: it is to be looked for again.
  void forget(int host, Address neighbour) {
    auto socket = lan_.host(host).inside([] { return net::NetlinkSocket::open(); });
    ASSERT_TRUE(good(socket));
    ndmsg known{};
    known.ndm_family = AF_INET6;
    known.ndm_ifindex = lan_.host(host).links().index_of(Lan::kInterface).value_or(0);
    net::NetlinkRequest request(RTM_DELNEIGH);
    request.body(known).octets(NDA_DST, neighbour.to_bytes());
    const auto done = socket->execute(request, "forget a neighbour");
    EXPECT_TRUE(done || done.error().number == ENOENT) << done.error().to_string();
  }

  // A datagram to the neighbour who was forgotten. He has forgotten the other: while he makes sure
  // of him he would be found without being looked for.
  Outcome seek() {
    forget(kSought, seeker());
    forget(kSeeker, sought());
    const Instant since = os::now();
    const auto outcome = send_one();
    fmt::print("{} after {} ms\n", testing::PrintToString(outcome),
               milliseconds(os::now() - since));
    return outcome;
  }

  // Who is told what becomes of it.
  os::Fd open_sender() {
    auto sender = open_udp(kSeeker);
    const int index = lan_.host(kSeeker).links().index_of(Lan::kInterface).value_or(0);
    const auto from = net::socket_address(seeker(), 0, index);
    const auto to = net::socket_address(sought(), kPort, index);
    EXPECT_EQ(::bind(sender.number(), from.get(), from.length), 0);
    EXPECT_EQ(::connect(sender.number(), to.get(), to.length), 0);
    EXPECT_TRUE(net::set_option(sender, IPPROTO_IPV6, IPV6_RECVERR, 1));
    return sender;
  }

  Outcome send_one() {
    constexpr std::array<std::uint8_t, 4> kWord{'w', 'o', 'r', 'd'};
    const auto sender = open_sender();
    EXPECT_EQ(::send(sender.number(), kWord.data(), kWord.size(), 0), 4) << strerror(errno);
    std::array<pollfd, 2> watched{{{receiver_.number(), POLLIN, 0}, {sender.number(), 0, 0}}};
    if (::poll(watched.data(), watched.size(), milliseconds(kPatience)) <= 0)
      return Outcome::kNeither;
    std::array<std::uint8_t, 16> heard{};
    if (watched[0].revents != 0) {
      EXPECT_EQ(::recv(receiver_.number(), heard.data(), heard.size(), 0), 4) << strerror(errno);
      return Outcome::kArrived;
    }
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(sender.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    EXPECT_EQ(error, EHOSTUNREACH) << strerror(error);
    return Outcome::kUnreachable;
  }

  void works_with_querent_alone(const std::string& version, int rounds) {
    await_oblivion();
    EXPECT_EQ(seek(), Outcome::kUnreachable) << "nobody asks";
    auto querent =
        start(lan_.host(kQuerent), {program(), "run", "-i", Lan::kInterface, "--query-interval",
                                    "500ms", "--igmp-version", "off", "--mld-version", version});
    ASSERT_TRUE(querent.wait_for_errors("querier as", kPatience)) << querent.errors();
    ASSERT_TRUE(becomes_listed(true, kPatience));
    for (int round = 0; round < rounds; ++round) {
      // Nobody says a word but querent.
      EXPECT_FALSE(becomes_listed(false, 2 * kWindow)) << "the switch forgot";
      EXPECT_EQ(seek(), Outcome::kArrived);
    }
    const auto table = lan_.switch_of(kSought).table();
    EXPECT_FALSE(good(table) && table->is_router_port(Lan::port_of(kSought)));
    querent.kill(SIGTERM);
    finish(querent);
    await_oblivion();
    EXPECT_EQ(seek(), Outcome::kUnreachable) << "nobody asks any more";
  }

  Lan lan_ =
      make_lan({.hosts = {3}, .switches = {.membership_interval = kWindow, .filters_ipv6 = true}});
  os::Fd receiver_ = open_udp(kSought);
};

TEST_F(NeighbourDiscovery, WorksWithQuerentAlone) {
  works_with_querent_alone("2", 1);
}

using LongNeighbourDiscovery = NeighbourDiscovery;

TEST_F(LongNeighbourDiscovery, WorksWithQuerentAlone) {
  works_with_querent_alone("2", 5);
}

TEST_F(LongNeighbourDiscovery, WorksWithQuerentAloneInVersion1) {
  works_with_querent_alone("1", 5);
}

}  // namespace

}  // namespace querent::test

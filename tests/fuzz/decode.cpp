#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "base/bytes.hpp"
#include "base/check.hpp"
#include "wire/checksum.hpp"
#include "wire/codec.hpp"
#include "wire/frame.hpp"

// IGMP and MLD: any octets are a value or a reason; and a value that is sent is read as the same
// value.
//
// The first octet of an input says how the rest is read: its lower 6 bits pick a row of kLinks;
// kSeal puts checksums right before, which no fuzzer guesses, and kMeasure the length.

namespace {

using namespace querent;
using namespace querent::wire;

constexpr unsigned kSeal = 0x80;
constexpr unsigned kMeasure = 0x40;

// Nothing: an IPv4 packet without any frame, as kRawIpv6 is one of IPv6.
constexpr std::optional<LinkType> kLinks[] = {
    std::nullopt,           LinkType::kEthernet,     LinkType::kRawIp,
    LinkType::kLinuxCooked, LinkType::kLinuxCooked2, LinkType::kRawIpv4,
    LinkType::kRawIpv6,
};

void seal_ipv4(std::span<std::uint8_t> packet, bool measure) {
  if (packet.size() < 20) return;
  const std::size_t header = std::size_t{4} * (packet[0] & 0xFU);
  if (header < 20 || header > packet.size()) return;
  if (measure) store16(packet, 2, static_cast<std::uint16_t>(packet.size()));
  const std::size_t total = load16(packet, 2);
  store16(packet, 10, 0);
  store16(packet, 10, checksum(packet.first(header)));
  if (total < header + 4 || total > packet.size()) return;
  const auto message = packet.subspan(header, total - header);
  store16(message, 2, 0);
  store16(message, 2, checksum(message));
}

// The checksum's pseudo header: both addresses, the message's length, and ICMPv6.
Bytes pseudo_header(ByteView packet, std::size_t message_size) {
  Bytes pseudo(packet.begin() + 8, packet.begin() + 40);
  pseudo.resize(40);
  store32(pseudo, 32, static_cast<std::uint32_t>(message_size));
  pseudo[39] = 58;
  return pseudo;
}

void seal_ipv6(std::span<std::uint8_t> packet, bool measure) {
  if (packet.size() < 42) return;
  const std::size_t header = packet[6] == 0 ? 48 + std::size_t{8} * packet[41] : 40;
  if (measure) store16(packet, 4, static_cast<std::uint16_t>(packet.size() - 40));
  const std::size_t end = std::size_t{40} + load16(packet, 4);
  if (end < header + 4 || end > packet.size()) return;
  const auto message = packet.subspan(header, end - header);
  store16(message, 2, 0);
  store16(message, 2, checksum(message, checksum(pseudo_header(packet, message.size()))));
}

void read_and_send(Family family, ByteView octets) {
  auto packet = decode(family, octets);
  if (!packet) {
    CHECK(name(packet.error()) != "unknown");
    return;
  }
  if (auto* report = std::get_if<Report>(&packet->message)) report->skipped_records = 0;
  const Bytes sent = encode(*packet);
  CHECK(sent.size() <= octets.size());
  CHECK(decode(family, sent) == *packet);
  const MacAddress source{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
  const Bytes framed = ethernet_frame(source, packet->destination, sent);
  const auto frame = read_frame(LinkType::kEthernet, framed);
  CHECK(frame && frame->family == family && frame->source == source && !frame->vlan);
  CHECK(decode(frame->family, frame->payload) == *packet);
}

void run(ByteView input) {
  if (input.empty()) return;
  const unsigned how = input[0];
  const auto link = kLinks[(how & 0x3FU) % std::size(kLinks)];
  Bytes octets(input.begin() + 1, input.end());
  Frame frame{.family = Family::kIPv4, .payload = octets};
  if (link) {
    const auto read = read_frame(*link, octets);
    if (!read) return;
    frame = *read;
    CHECK(frame.payload.size() <= octets.size());
  }
  // A frame's payload reaches to its end.
  const auto packet = std::span(octets).last(frame.payload.size());
  if ((how & kSeal) != 0) {
    const auto seal = frame.family == Family::kIPv4 ? seal_ipv4 : seal_ipv6;
    seal(packet, (how & kMeasure) != 0);
  }
  read_and_send(frame.family, packet);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  run({data, size});
  return 0;
}

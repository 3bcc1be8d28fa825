#include "probe/stream.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/check.hpp"

namespace querent::probe {
namespace {

constexpr std::array<std::uint8_t, 8> kMark{'q', 'u', 'e', 'r', 'e', 'n', 't', 1};
constexpr std::uint32_t kLastFlag = 1;

void store64(std::span<std::uint8_t> bytes, std::size_t at, std::uint64_t value) {
  store32(bytes, at, static_cast<std::uint32_t>(value >> 32U));
  store32(bytes, at + 4, static_cast<std::uint32_t>(value));
}

std::uint64_t load64(ByteView bytes, std::size_t at) {
  return (std::uint64_t{load32(bytes, at)} << 32U) | load32(bytes, at + 4);
}

Duration load_duration(ByteView bytes, std::size_t at) {
  return Duration{static_cast<Duration::rep>(load64(bytes, at))};
}

Result<std::uint16_t, std::string> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    return failure("the port '" + std::string(text) + "' is not a number from 1 to 65535");
  }
  return port;
}

struct GroupAndPort {
  std::string_view group;
  std::optional<std::string_view> port;
};

GroupAndPort split(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return {text, {}};
    const auto rest = text.substr(end + 1);
    if (rest.empty()) return {text.substr(1, end - 1), {}};
    return {text.substr(1, end - 1), rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return {text, {}};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

Result<Address, std::string> parse_source(std::string_view text, Family family) {
  const auto source = Address::parse(text);
  if (!source) return failure("the source '" + std::string(text) + "' is not an address");
  if (source->family() != family) {
    return failure("the source " + source->to_string() + " is not of the group's family");
  }
  if (source->is_multicast() || source->is_unspecified() || source->is_limited_broadcast()) {
    return failure("the source " + source->to_string() + " is not the address of a host");
  }
  return *source;
}

}  // namespace

Bytes encode_stream(const StreamDatagram& datagram, std::size_t size) {
  CHECK(size >= kSmallestDatagram);
  Bytes octets(size);
  std::copy(kMark.begin(), kMark.end(), octets.begin());
  store64(octets, 8, datagram.stream);
  store64(octets, 16, datagram.number);
  store64(octets, 24, static_cast<std::uint64_t>(datagram.sent.count()));
  store64(octets, 32, static_cast<std::uint64_t>(datagram.interval.count()));
  store32(octets, 40, datagram.last ? kLastFlag : 0);
  return octets;
}

std::optional<StreamDatagram> decode_stream(ByteView payload) {
  if (payload.size() < kSmallestDatagram) return {};
  if (!std::equal(kMark.begin(), kMark.end(), payload.begin())) return {};
  return StreamDatagram{.stream = load64(payload, 8),
                        .number = load64(payload, 16),
                        .sent = load_duration(payload, 24),
                        .interval = load_duration(payload, 32),
                        .last = (load32(payload, 40) & kLastFlag) != 0};
}

Result<net::UdpChannel, std::string> parse_channel(std::string_view text) {
  const auto at = text.find('@');
  const auto [group_text, port_text] = split(text.substr(0, at));
  const auto group = Address::parse(group_text);
  if (!group) return failure("'" + std::string(group_text) + "' is not an address");
  if (!group->is_multicast()) {
    return failure(group->to_string() + " is not a multicast group (" +
                   (group->is_v4() ? "224.0.0.0 to 239.255.255.255" : "ff00::/8") + ")");
  }
  net::UdpChannel channel{.group = *group, .port = kStreamPort};
  if (port_text) {
    const auto port = parse_port(*port_text);
    if (!port) return failure(port.error());
    channel.port = *port;
  }
  if (at != std::string_view::npos) {
    const auto source = parse_source(text.substr(at + 1), group->family());
    if (!source) return failure(source.error());
    channel.source = *source;
  }
  return channel;
}

std::string to_string(const net::UdpChannel& channel) {
  const std::string group = channel.group.to_string();
  return (channel.group.is_v4() ? group : "[" + group + "]") + ":" + std::to_string(channel.port) +
         (channel.source ? "@" + channel.source->to_string() : std::string{});
}

std::uint64_t Pace::take_due(Instant now, std::uint64_t most) {
  if (now < next_) return 0;
  const auto due = static_cast<std::uint64_t>((now - next_) / interval_) + 1;
  if (due > 1 && now - next_ > kTooLate) {
    left_out_ += due - 1;
    next_ = now + interval_;
    return 1;
  }
  const std::uint64_t taken = std::min(due, most);
  next_ += interval_ * static_cast<Duration::rep>(taken);
  return taken;
}

void Pace::leave_out(Instant end) {
  if (next_ >= end) return;
  left_out_ += static_cast<std::uint64_t>((end - Duration{1} - next_) / interval_) + 1;
  next_ = end;
}

}  // namespace querent::probe

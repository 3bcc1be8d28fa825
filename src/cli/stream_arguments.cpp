#include "cli/stream_arguments.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "core/family_rules.hpp"
#include "probe/stream.hpp"

namespace querent::cli {
namespace {

// RFC 1112, section 6.4: of a group, Ethernet carries these bits.
constexpr std::uint32_t kSharedWithEthernet = 0x007FFFFF;
// RFC 4541, section 2.1.2: 224.0.0.0/24 is forwarded to all ports.
constexpr std::uint32_t kLocalGroups = 256;
// RFC 2464, section 7, and RFC 4541, section 3: of ff02::1, which is forwarded to all ports.
constexpr std::uint32_t kLowBitsOfAllNodes = 1;

// The group whose frames its own look like where those go to all ports; empty: they do not.
std::string flooded_ipv4(Address group) {
  const std::uint32_t bits = group.v4_bits();
  if ((bits & kSharedWithEthernet) >= kLocalGroups) return {};
  return "224.0.0." + std::to_string(bits & 0xFFU);
}

// RFC 4291, section 2.7: scope 1, and 0 is reserved and treated alike.
bool stays_on_its_host(Address group) {
  return !group.is_v4() && ((group.high64() >> 48U) & 0xFU) <= 1;
}

std::string flooded_ipv6(Address group) {
  return static_cast<std::uint32_t>(group.low64()) == kLowBitsOfAllNodes ? "ff02::1" : "";
}

}  // namespace

std::string channel_fault(const std::string& text) {
  const auto channel = probe::parse_channel(text);
  return channel ? std::string{} : channel.error();
}

std::string duration_fault(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && *duration > Duration{0}) return {};
  return "it must be a duration, like 500ms, 30s or 5m";
}

std::function<std::string(const std::string& text)> range_fault(double lowest, double highest) {
  return [=](const std::string& text) -> std::string {
    const auto number = parse_number<double>(text);
    if (number && *number >= lowest && *number <= highest) return {};
    return fmt::format("it must be from {} to {}", lowest, highest);
  };
}

Result<std::vector<net::UdpChannel>, std::string> parse_channels(
    const std::vector<std::string>& texts) {
  if (texts.size() > kMostChannels) {
    return failure("more than " + std::to_string(kMostChannels) + " groups");
  }
  std::vector<net::UdpChannel> channels;
  for (const std::string& text : texts) {
    const auto channel = probe::parse_channel(text);
    if (!channel) return failure(channel.error());
    if (std::find(channels.begin(), channels.end(), *channel) != channels.end()) {
      return failure(probe::to_string(*channel) + " is there twice");
    }
    channels.push_back(*channel);
  }
  return channels;
}

std::optional<Duration> optional_duration(const std::string& text) {
  return text.empty() ? std::nullopt : parse_duration(text);
}

std::string advice_on(const net::UdpChannel& channel) {
  const Address group = channel.group;
  if (stays_on_its_host(group)) {
    return "its datagrams never leave a host; take another, like ff15::1:2:3";
  }
  if (const auto flooded = group.is_v4() ? flooded_ipv4(group) : flooded_ipv6(group);
      !flooded.empty()) {
    return "switches send it everywhere, as " + flooded +
           ", so it says nothing about queriers; take another, like " +
           (group.is_v4() ? "239.1.2.3" : "ff15::1:2:3");
  }
  if (core::family_rules(group.family()).ssm_groups.matches(group) && !channel.source) {
    return std::string("a group of ") + (group.is_v4() ? "232.0.0.0/8" : "ff3x::/32") +
           " is for one source (RFC 4607); name it: " + probe::to_string(channel) + "@SOURCE";
  }
  return {};
}

}  // namespace querent::cli

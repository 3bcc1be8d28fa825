#include "cli/stream_arguments.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "app/values.hpp"
#include "cli/stream.hpp"

namespace querent::cli {
namespace {

// RFC 1112, section 6.4: of a group, Ethernet carries these bits.
constexpr std::uint32_t kSharedWithEthernet = 0x007FFFFF;
// RFC 4541, section 2.1.2: 224.0.0.0/24 is forwarded to all ports.
constexpr std::uint32_t kLocalGroups = 256;
constexpr std::uint32_t kSourceSpecific = 232;

}  // namespace

std::string channel_fault(const std::string& text) {
  const auto channel = parse_channel(text);
  return channel ? std::string{} : channel.error();
}

std::string duration_fault(const std::string& text) {
  const auto duration = app::parse_duration(text);
  if (duration && *duration > Duration{0}) return {};
  return "it must be a duration, like 500ms, 30s or 5m";
}

std::function<std::string(const std::string& text)> range_fault(double lowest, double highest) {
  return [=](const std::string& text) -> std::string {
    const auto number = app::parse_number<double>(text);
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
    const auto channel = parse_channel(text);
    if (!channel) return failure(channel.error());
    if (std::find(channels.begin(), channels.end(), *channel) != channels.end()) {
      return failure(to_string(*channel) + " is there twice");
    }
    channels.push_back(*channel);
  }
  return channels;
}

std::optional<Duration> optional_duration(const std::string& text) {
  return text.empty() ? std::nullopt : app::parse_duration(text);
}

std::string advice_on(const net::UdpChannel& channel) {
  if (!channel.group.is_v4()) return {};
  const std::uint32_t bits = channel.group.v4_bits();
  if ((bits & kSharedWithEthernet) < kLocalGroups) {
    return "switches send it everywhere, as 224.0.0." + std::to_string(bits & 0xFFU) +
           ", so it says nothing about queriers; take another, like 239.1.2.3";
  }
  if (bits >> 24U == kSourceSpecific && !channel.source) {
    return "a group of 232.0.0.0/8 is for one source (RFC 4607); name it: " + to_string(channel) +
           "@SOURCE";
  }
  return {};
}

}  // namespace querent::cli

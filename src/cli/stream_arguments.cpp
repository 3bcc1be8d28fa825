#include "cli/stream_arguments.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <spdlog/fmt/fmt.h>

#include "cli/command.hpp"
#include "cli/duration_text.hpp"
#include "cli/stream.hpp"
#include "net/sys_error.hpp"

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
  const auto duration = parse_duration(text);
  if (duration && *duration > Duration{0}) return {};
  return "'" + text + "' is not a duration like 10, 500ms, 30s or 5m";
}

std::function<std::string(const std::string& text)> range_fault(double lowest, double highest) {
  return [=](const std::string& text) -> std::string {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (error == std::errc{} && rest == end && number >= lowest && number <= highest) return {};
    return fmt::format("'{}' is not a number from {} to {}", text, lowest, highest);
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
  return text.empty() ? std::nullopt : parse_duration(text);
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

int print_result(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return kDone;
  return complain(kFailed, "stdout", net::sys_failure("write the result").value().to_string());
}

}  // namespace querent::cli

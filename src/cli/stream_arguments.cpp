#include "cli/stream_arguments.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "cli/command.hpp"
#include "cli/duration_text.hpp"
#include "cli/stream.hpp"
#include "net/sys_error.hpp"

namespace querent::cli {

std::string channel_fault(const std::string& text) {
  const auto channel = parse_channel(text);
  return channel ? std::string{} : channel.error();
}

std::string duration_fault(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration && *duration > Duration{0}) return {};
  return "'" + text + "' is not a duration like 10, 500ms, 30s or 5m";
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

int print_result(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return kDone;
  return complain(kFailed, "stdout", net::sys_failure("write the result").value().to_string());
}

}  // namespace querent::cli

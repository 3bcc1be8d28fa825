#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/udp_socket.hpp"
#include "querent/time.hpp"

// What `querent send` and `querent join` read and write in the same way.

namespace querent::cli {

inline constexpr std::size_t kMostChannels = 1000;  // a socket each

// For Flag::check(): what is wrong with the text; empty: nothing.
std::string channel_fault(const std::string& text);
std::string duration_fault(const std::string& text);  // 0 is wrong, too
std::function<std::string(const std::string& text)> range_fault(double lowest, double highest);

// All of them, each once; or what is wrong.
Result<std::vector<net::UdpChannel>, std::string> parse_channels(
    const std::vector<std::string>& texts);
// Nothing for an empty text, which stands for an option that was not given.
std::optional<Duration> optional_duration(const std::string& text);

// What somebody who tests with this group should know; empty: nothing.
std::string advice_on(const net::UdpChannel& channel);

}  // namespace querent::cli

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/complaint.hpp"
#include "config/setting.hpp"
#include "config/web_config.hpp"

// Where the web server answers, as text.

namespace querent::config {

inline constexpr std::string_view kOff = "off";

// ":9224", "192.0.2.1:9224" or "[2001:db8::1]:9224"; "0.0.0.0:9224" and "[::]:9224" are all
// addresses of their family. Nothing for anything else, "off" too.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// What parse_listen_address reads as the same again.
std::string to_text(const ListenAddress& address);

// What to do about a text that is none: why names and TLS are not for us, or what is missing.
// Empty: nothing comes to mind.
std::string advise_on_listen_address(std::string_view text);

// What is wrong in how the web.listen_address of one voice (flags, environment or file) go
// together: one twice, or "off" beside others; and IPv6 addresses where the web server has no IPv6.
// Other settings are left alone.
void check_listen_addresses(const SettingList& settings, bool has_ipv6, Complaints& errors);

}  // namespace querent::config

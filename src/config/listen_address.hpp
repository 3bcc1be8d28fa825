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

// ":9224" (and "0.0.0.0:9224", which is the same) or "192.0.2.1:9224"; nothing for anything else,
// "off" too.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

// What parse_listen_address reads as the same again.
std::string to_text(const ListenAddress& address);

// What to do about a text that is none: why IPv6, names and TLS are not for us, or what is missing.
// Empty: nothing comes to mind.
std::string advise_on_listen_address(std::string_view text);

// What is wrong in how the web.listen_address of one voice (flags, environment or file) go
// together: one twice, or "off" beside others. Other settings are left alone.
void check_listen_addresses(const SettingList& settings, Complaints& errors);

}  // namespace querent::config

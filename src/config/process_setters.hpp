#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"

// What the table of options does with the settings of the process: each set_* takes over a value
// and says whether it is allowed, each show_* gives what set_* reads as the same again.

namespace querent::config {

bool set_level(std::string_view text, Config& config);
std::string show_level(const Config& config);

bool set_format(std::string_view text, Config& config);
std::string show_format(const Config& config);

bool set_user(std::string_view text, Config& config);
std::string show_user(const Config& config);

bool set_no_sandbox(std::string_view text, Config& config);
std::string show_no_sandbox(const Config& config);

// "off" leaves none.
bool add_listen_address(std::string_view text, Config& config);
std::string show_listen_addresses(const Config& config);  // with commas between them
void clear_listen_addresses(Config& config);

bool set_basic_auth_file(std::string_view text, Config& config);
std::string show_basic_auth_file(const Config& config);

}  // namespace querent::config

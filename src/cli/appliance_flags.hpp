#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "client/querent.hpp"

namespace querent::cli {

// Declares --url and --user, what the commands have in common that ask a running querent. What it
// returns reads back what was said, or is in QUERENT_URL and QUERENT_USER; to be called once the
// command line was read. What is wrong was complained about: the error is the exit code:
// kUsage, or `misconfigured` where the environment or the file of `run` are wrong.
std::function<Result<client::Querent, int>()> declare_appliance_flags(CLI::App& app,
                                                                      int misconfigured = kUsage);

// Where querent answers that listens as `listen_addresses` says, of which the first counts:
// "" (the default), ":9224", "192.0.2.1:9224". The error is words.
Result<std::string, std::string> default_url(std::string_view listen_addresses);

// "querent: COMMAND: WHY; ATTEMPT" and its exit code.
int complain_of(const std::string& command, const client::NoAnswer& none);

}  // namespace querent::cli

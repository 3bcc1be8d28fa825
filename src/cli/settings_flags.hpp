#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "cli/command.hpp"
#include "config/reader.hpp"

namespace querent::cli {

// Declares every option of config::options() on `app`. What it returns reads back what was said,
// with the environment of the process; to be called once the command line was read, while `app`
// lives.
std::function<config::Given()> declare_settings(CLI::App& app);

// Warnings and errors go to stderr; the error is the exit code.
Result<config::Config, int> configure(const config::Given& given);

}  // namespace querent::cli

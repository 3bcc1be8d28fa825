#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "client/querent.hpp"

namespace querent::cli {

// What to show of an appliance: whole lines.
using ApplianceView = std::function<Result<std::string, client::NoAnswer>(const client::Querent&)>;

// Shows it once; or every two seconds until a signal, through times when nothing answers, unless
// that is so at the beginning. `command` is its name in complaints. Answers with the exit code.
int show_once(const std::string& command, const client::Querent& appliance,
              const ApplianceView& view);
int show_again_and_again(const std::string& command, client::Querent appliance,
                         const ApplianceView& view);

}  // namespace querent::cli

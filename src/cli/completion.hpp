#pragma once

#include <span>
#include <string>

#include "cli/reference.hpp"

// Scripts that complete `querent ...`: commands, their flags, and values where it is known what
// they are (interfaces, files, words to choose from). Each stands alone and calls nobody.

namespace querent::cli {

std::string bash_completion(std::span<const CommandFacts> commands);
std::string zsh_completion(std::span<const CommandFacts> commands);
std::string fish_completion(std::span<const CommandFacts> commands);

}  // namespace querent::cli

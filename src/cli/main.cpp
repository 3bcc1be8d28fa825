#include <span>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  return querent::cli::run_command_line({argv, static_cast<std::size_t>(argc)});
}

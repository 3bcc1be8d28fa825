#include <cstdio>
#include <cstdlib>
#include <new>
#include <span>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "os/descriptors.hpp"

int main(int argc, char** argv) {
  querent::os::occupy_standard_descriptors();
  std::set_new_handler([] {
    std::fputs("querent: memory: there is no more\n", stderr);
    std::_Exit(querent::cli::kFailed);
  });
  return querent::cli::run_command_line({argv, static_cast<std::size_t>(argc)});
}

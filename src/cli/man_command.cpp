#include "app/build_info.hpp"
#include "cli/commands.hpp"
#include "cli/manual.hpp"
#include "cli/reference.hpp"

namespace querent::cli {

Command man_command() {
  return {.name = "man",
          .summary = "the manual page, for man(1)",
          .examples =
              "  querent man | man -l -\n"
              "  querent man | sudo tee /usr/local/share/man/man1/querent.1 >/dev/null\n",
          .declare = [](CLI::App&) -> std::function<int()> {
            return [] { return print(manual(facts_of(commands()), app::homepage())); };
          }};
}

}  // namespace querent::cli

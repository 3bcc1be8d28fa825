#include <memory>
#include <string>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/flag.hpp"
#include "cli/reference.hpp"

namespace querent::cli {

namespace {

std::function<int()> declare(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  add_option(app, "SHELL", *shell, "bash, zsh or fish").required().group("Shell");
  return [shell]() -> int {
    const auto facts = facts_of(commands());
    if (*shell == "bash") return print(bash_completion(facts));
    if (*shell == "zsh") return print(zsh_completion(facts));
    if (*shell == "fish") return print(fish_completion(facts));
    return complain(kUsage, in_quotes(*shell), "no shell that is known", "say bash, zsh or fish");
  };
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "completion of commands, options and values, for a shell",
          .examples =
              "  source <(querent completion bash)\n"
              "      for this shell; for all, into /usr/share/bash-completion/completions/querent\n"
              "  querent completion zsh > ~/.zfunc/_querent\n"
              "      a folder of $fpath, before compinit\n"
              "  querent completion fish > ~/.config/fish/completions/querent.fish\n",
          .declare = &declare};
}

}  // namespace querent::cli

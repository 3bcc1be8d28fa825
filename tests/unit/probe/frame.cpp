#include "frame.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include <gtest/gtest.h>

#include "cli/commands.hpp"
#include "cli/settings_flags.hpp"
#include "config/text.hpp"

namespace querent::cli {

namespace {

Command pretended_run() {
  return {
      .name = "run",
      .summary = "the appliance",
      .examples = "  querent -i eth0\n",
      .declare = [](CLI::App& app) -> std::function<int()> {
        return [given = declare_settings(app)] {
          const auto config = configure(given());
          return config ? print(config::to_toml(*config)) : config.error();
        };
      },
  };
}

std::vector<Command> with_pretended_run() {
  std::vector<Command> all = commands();
  std::erase_if(all, [](const Command& command) { return command.name == "run"; });
  all.insert(all.begin(), pretended_run());
  return all;
}

}  // namespace

std::vector<std::string> Outcome::lines() const {
  std::vector<std::string> all;
  std::istringstream stream(err);
  for (std::string line; std::getline(stream, line);)
    all.push_back(line);
  return all;
}

Outcome querent(const std::vector<std::string>& words) {
  std::vector<const char*> arguments{"querent"};
  for (const auto& word : words)
    arguments.push_back(word.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.code = run_command_line(arguments, with_pretended_run());
  outcome.err = testing::internal::GetCapturedStderr();
  outcome.out = testing::internal::GetCapturedStdout();
  return outcome;
}

Variable::Variable(const char* name, const char* value) : name_(name) {
  ::setenv(name, value, 1);
}

Variable::~Variable() {
  ::unsetenv(name_);
}

TemporaryFile::TemporaryFile(const std::string& text)
    : path_((std::filesystem::temp_directory_path() / "querent-XXXXXX").string()) {
  const int descriptor = ::mkstemp(path_.data());
  ::close(descriptor);
  std::ofstream(path_, std::ios::binary) << text;
}

TemporaryFile::~TemporaryFile() {
  std::filesystem::remove(path_);
}

}  // namespace querent::cli

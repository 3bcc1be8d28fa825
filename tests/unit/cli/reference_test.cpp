#include "cli/reference.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/manual.hpp"
#include "config/options.hpp"

namespace querent::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<CommandFacts>& facts() {
  static const auto kFacts = facts_of(commands());
  return kFacts;
}

const CommandFacts& command(const std::string& name) {
  return *std::find_if(facts().begin(), facts().end(),
                       [&](const auto& one) { return one.name == name; });
}

const OptionFacts& option(const std::string& of, const std::string& word) {
  const auto& all = command(of).options;
  return *std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return std::find(one.words.begin(), one.words.end(), word) != one.words.end();
  });
}

TEST(Reference, ChoicesAreWordsAlone) {
  EXPECT_THAT(choices_in("1, 2, 3 or off"), ElementsAre("1", "2", "3", "off"));
  EXPECT_THAT(choices_in("text or json"), ElementsAre("text", "json"));
  EXPECT_THAT(choices_in("a number from 1 to 7"), IsEmpty());
  EXPECT_THAT(choices_in("auto, or a duration from 100ms to 8760h"), IsEmpty());
  EXPECT_THAT(choices_in("auto"), IsEmpty());
  EXPECT_THAT(choices_in(" or "), IsEmpty());
  EXPECT_THAT(choices_in(""), IsEmpty());
}

TEST(Reference, KnowsWhatAnOptionTakes) {
  EXPECT_THAT(option("run", "query-interval").letters, ElementsAre("q"));
  EXPECT_EQ(option("run", "query-interval").placeholder, "D");
  EXPECT_TRUE(option("run", "query-interval").takes_value);
  EXPECT_FALSE(option("run", "passive").takes_value);
  EXPECT_THAT(option("run", "log.format").choices, ElementsAre("text", "json"));
  EXPECT_THAT(option("inject", "type").choices, testing::Contains("mldv1_done"));
  ASSERT_EQ(command("completion").options.size(), 1U);
  EXPECT_TRUE(command("completion").options.front().is_positional);
  EXPECT_THAT(command("completion").options.front().choices, ElementsAre("bash", "zsh", "fish"));
}

TEST(Manual, HasEveryCommandOptionKeyAndVariable) {
  const std::string page = manual(facts(), "");
  const auto roff = [](std::string text) {
    for (auto at = text.find('-'); at != std::string::npos; at = text.find('-', at + 2))
      text.insert(at, "\\");
    return text;
  };
  for (const CommandFacts& one : facts()) {
    EXPECT_THAT(page, HasSubstr(".SS " + one.name + '\n'));
    for (const OptionFacts& each : one.options)
      for (const auto& word : each.words)
        EXPECT_THAT(page, HasSubstr(roff("\\fB--" + word + "\\fR"))) << one.name;
  }
  for (const config::Option& setting : config::options()) {
    EXPECT_THAT(page, HasSubstr(std::string(setting.variable)));
    EXPECT_THAT(page, HasSubstr(roff(std::string(setting.key))));
  }
}

// No line may begin with what roff takes for a request of its own.
TEST(Manual, TextIsNotTakenForRequests) {
  const std::vector<CommandFacts> odd{
      {.name = "odd", .summary = ".TH a \\fBtrap\\fR", .examples = ".SH x\n'br\n", .options = {}}};
  const std::string page = manual(odd, "");
  EXPECT_THAT(page, HasSubstr("\\&.TH a \\efBtrap\\efR."));
  EXPECT_THAT(page, HasSubstr("\n\\&.SH x\n\\&\\(aqbr\n"));
}

TEST(Manual, EndsWithTheHomepageIfThereIsOne) {
  const std::string without = manual(facts(), "");
  EXPECT_THAT(without, testing::Not(HasSubstr(".PP\nhttp")));
  EXPECT_EQ(manual(facts(), "https://example.org/a-b"),
            without + ".PP\nhttps://example.org/a\\-b\n");
}

TEST(Completion, HasEveryCommandAndFlag) {
  const auto scripts = {bash_completion(facts()), zsh_completion(facts()),
                        fish_completion(facts())};
  for (const std::string& script : scripts)
    for (const CommandFacts& one : facts())
      EXPECT_THAT(script, HasSubstr(one.name));
  for (const CommandFacts& one : facts()) {
    for (const OptionFacts& each : one.options) {
      for (const auto& word : each.words) {
        EXPECT_THAT(bash_completion(facts()), HasSubstr("--" + word));
        EXPECT_THAT(zsh_completion(facts()), HasSubstr("--" + word));
        EXPECT_THAT(fish_completion(facts()), HasSubstr(" -l " + word));
      }
    }
  }
}

TEST(Completion, AnApostropheEndsNoQuotes) {
  const std::vector<CommandFacts> odd{
      {.name = "odd", .summary = "it's [one]: \\", .examples = {}, .options = {}}};
  EXPECT_THAT(zsh_completion(odd), HasSubstr("it'\\''s"));
  EXPECT_THAT(fish_completion(odd), HasSubstr("it'\\''s"));
  EXPECT_THAT(bash_completion(odd), Not(HasSubstr("it's")));
}

// compgen -W expands its words, and whoever may make an interface names it.
TEST(Completion, BashDoesNotExpandWhatItFinds) {
  const std::string text = bash_completion(facts());
  const auto interfaces = text.find("_querent_interfaces() {");
  EXPECT_THAT(text.substr(interfaces, text.find("\n}", interfaces) - interfaces),
              AllOf(HasSubstr("printf %q"), Not(HasSubstr("compgen"))));
}

}  // namespace
}  // namespace querent::cli

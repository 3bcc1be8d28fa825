#include "config/file.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reader.hpp"

namespace querent::config {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Complaints errors_in(const std::string& text) {
  Complaints errors;
  parse_config_file({"q.toml", text}, errors);
  return errors;
}

std::string line_of(const Complaint& error) {
  return error.what + ": " + error.why + "; " + error.attempt;
}

struct Wrong {
  std::string text;
  const char* said;  // part of the only error
};

std::vector<Wrong> wrong_keys() {
  return {
      Wrong{"[querier]\nquery_intervall = \"5s\"\n",
            "q.toml:2: query_intervall: no such key in [querier] or [[interface]]; did you mean "
            "query_interval?"},
      Wrong{"[querier]\nname = \"eth0\"\n", "q.toml:2: name: no such key"},
      Wrong{"query_interval = 5\n", "it belongs into [querier] or [[interface]]"},
      Wrong{"level = \"info\"\n", "it belongs into [log]"},
      Wrong{"[querier]\nuser = \"a\"\n", "it belongs before the first [section]"},
      Wrong{"[quierer]\nrobustness = 2\n",
            "q.toml:1: quierer: no such key in a file; did you "
            "mean querier?"},
      Wrong{"[http]\nport = 80\n", "known are querier, interface, log, web, names, user"},
      Wrong{"[name]\n\"239.1.2.3\" = \"hf\"\n", "it belongs into [[interface]]"},
      Wrong{"[web]\nlisten_adress = \":80\"\n",
            "q.toml:2: web.listen_adress: no such key in [web]; did you mean web.listen_address?"},
      Wrong{"[web]\nport = 80\n",
            "no such key in [web]; known are web.listen_address, web.basic_auth_file"},
      Wrong{"[web]\nlevel = \"info\"\n", "it belongs into [log]"},
      Wrong{"listen_address = \":80\"\n", "it belongs into [web]"},
      Wrong{"[querier]\nbasic_auth_file = \"users\"\n", "it belongs into [web]"},
      Wrong{"[log]\nrobustness = 2\n", "it belongs into [querier] or [[interface]]"},
      Wrong{"web = \":80\"\n", "q.toml:1: web: \":80\" is not a table; write [web]"},
      Wrong{"[web]\nlisten_address = 9224\n",
            "q.toml:2: web.listen_address: 9224 is not off, :PORT (all addresses), IPV4:PORT or "
            "[IPV6]:PORT, with a port from 1 to 65535; write web.listen_address = \":9224\", in "
            "quotes"},
      Wrong{"[web]\nlisten_address = []\n", "q.toml:2: web.listen_address: an array is not off"},
      Wrong{"[web]\nlisten_address = [\n\":80\",\n81]\n", "q.toml:4: web.listen_address: 81 is"},
      Wrong{"[web]\nlisten_address = [[\":80\"]]\n", "web.listen_address: an array is not off"},
      Wrong{"[web]\nbasic_auth_file = [\"a\"]\n",
            "web.basic_auth_file: an array is not the name of a file"},
      Wrong{"[log]\nlevle = \"info\"\n",
            "q.toml:2: log.levle: no such key in [log]; did you "
            "mean log.level?"},
      Wrong{"[querier]\nmld = 1\n", "q.toml:2: mld: no such key"},
      Wrong{"\"239.1.2.3\" = \"hf\"\n", "it belongs into [names]"},
      Wrong{"[querier]\nka9q = []\n", "it belongs into [names]"},
      Wrong{"names = [\"hf.local\"]\n", "q.toml:1: names: an array is not a table; write [names]"},
  };
}

std::vector<Wrong> wrong_values() {
  return {Wrong{"[querier]\nquery_interval = true\n",
                "q.toml:2: query_interval: true is not a duration from 100ms to 31744s"},
          Wrong{"[querier]\nquery_interval = [5]\n", "an array is not a duration"},
          Wrong{"[querier]\nquery_interval = {a = 1}\n", "a table is not a duration"},
          Wrong{"[querier]\nquery_interval = 2026-01-01\n", "a date is not a duration"},
          Wrong{"[querier]\npassive = \"true\"\n",
                "\"true\" is not true or false; write passive = "
                "false, without quotes"},
          Wrong{"[querier]\npassive = 1\n", "q.toml:2: passive: 1 is not true or false"},
          Wrong{"[querier]\nrobustness = \"2\"\n", "\"2\" is not a number from 1 to 7"},
          Wrong{"[querier]\nrobustness = 2.0\n", "is not a number from 1 to 7"},
          Wrong{"[querier]\njitter = \"0.5\"\n", "\"0.5\" is not a number from 0 to 0.9"},
          Wrong{"[querier]\nigmp_version = 2.5\n", "2.5 is not 1, 2, 3 or off"},
          Wrong{"user = 65534\n", "q.toml:1: user: 65534 is not the name of a user"},
          Wrong{"querier = 5\n", "q.toml:1: querier: 5 is not a table; write [querier]"},
          Wrong{"log = \"debug\"\n", "q.toml:1: log: \"debug\" is not a table"},
          Wrong{"[interface]\nname = \"eth0\"\n", "is not a list of tables; write [[interface]]"},
          Wrong{"interface = [\"eth0\"]\n", "is not a list of tables"},
          Wrong{"interface = \"eth0\"\n", "is not a list of tables"},
          Wrong{"[[interface]]\nrobustness = 2\n", "q.toml:1: [[interface]]: its name is missing"},
          Wrong{"[[interface]]\nname = 5\n", "q.toml:2: name: 5 is not the name of an interface"},
          Wrong{"[querier\n", "q.toml:1:"},
          Wrong{"a = \n", "q.toml:1:"},
          Wrong{"[querier]\nrobustness = 2\nrobustness = 3\n", "q.toml:3:"},
          Wrong{"[querier]\nrobustness = 99999999999999999999\n", "q.toml:2:"},
          Wrong{"[querier]\nsource = \"\x1b[2J\n\"\n", "q.toml:2:"},
          Wrong{"\n\nuser = \"a\xff\"\n", "q.toml:3: is not UTF-8"},
          Wrong{"user = \"a"s + '\0' + "\"\n", "q.toml:1: has a NUL character"},
          Wrong{"\x7f"s + "ELF\x02\x01\x01"s, "q.toml:1:"},
          Wrong{[] {
                  std::string text = "a";
                  for (int i = 0; i < 500'000; ++i)
                    text += ".a";
                  return text + " = 1\n";
                }(),
                "q.toml:1: has more than 128 dots"},
          Wrong{"a = " + std::string(1000, '[') + std::string(1000, ']') + '\n', "q.toml:1:"}};
}

TEST(ConfigFile, AWrongOneIsToldByLineAndWhatIsAllowed) {
  auto all = wrong_keys();
  for (auto& wrong : wrong_values())
    all.push_back(std::move(wrong));
  for (const Wrong& wrong : all) {
    const auto errors = errors_in(wrong.text);
    ASSERT_THAT(errors, SizeIs(1)) << wrong.said;
    EXPECT_THAT(line_of(errors[0]), HasSubstr(wrong.said));
  }
}

TEST(ConfigFile, ErrorsComeInTheOrderOfTheLines) {
  const auto errors = errors_in("[querier]\nz = 1\nb = 2\na = 3\n[log]\nq = 1\n");
  ASSERT_THAT(errors, SizeIs(4));
  EXPECT_EQ(errors[0].what, "q.toml:2: z");
  EXPECT_EQ(errors[1].what, "q.toml:3: b");
  EXPECT_EQ(errors[2].what, "q.toml:4: a");
  EXPECT_EQ(errors[3].what, "q.toml:6: log.q");
}

TEST(ConfigFile, OddButRightFilesAreRead) {
  for (const std::string& text :
       {""s, "# nothing\n"s, "\xEF\xBB\xBFuser = \"a\"\r\n"s, "interface = []\n"s,
        "log.level = \"info\"\n"s, "querier = {robustness = 3}\n"s,
        "interface = [{name = \"eth0\"}]\n"s, "[querier]"s,
        "[querier]\nsource = 'auto' # h\u00e4\n"s, "[web]\nlisten_address = [\"off\"]\n"s,
        "web.listen_address = \":80\"\n"s, "[names]\n"s, "[names]\nka9q = []\n"s}) {
    EXPECT_THAT(errors_in(text), IsEmpty()) << text;
  }
}

TEST(ConfigFile, EveryBeginningOfAFileIsSafe) {
  const std::string text =
      "user = \"a\"\n[log]\nlevel = \"info\"\n[querier]\nquery_interval = \"60s\"\njitter = 0.5\n"
      "[[interface]]\nname = \"eth0\"\npassive = true\n[web]\nlisten_address = [\":80\", \":81\"]\n"
      "[names]\n\"239.1.2.3\" = \"hf\"\nka9q = [\"hf.local\"]\n";
  for (std::size_t length = 0; length <= text.size(); ++length)
    errors_in(text.substr(0, length));
}

// A directory of this test's own, gone at its end.
class ReadWholeFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "querent-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ / name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::filesystem::path directory_;
};

TEST_F(ReadWholeFile, GivesTheText) {
  EXPECT_EQ(read_whole_file(write("a", "x = 1\n")).value(), "x = 1\n");
  EXPECT_EQ(read_whole_file(write("empty", "")).value(), "");
  EXPECT_EQ(read_whole_file("/dev/null").value(), "");
}

TEST_F(ReadWholeFile, SaysWhyNot) {
  const auto missing = read_whole_file(path("missing"));
  ASSERT_FALSE(missing);
  EXPECT_TRUE(missing.error().is_missing);
  EXPECT_EQ(missing.error().why, "No such file or directory");
  const auto below_a_file = read_whole_file(write("file", "") + "/x");
  ASSERT_FALSE(below_a_file);
  EXPECT_TRUE(below_a_file.error().is_missing);
  const auto directory = read_whole_file(path(""));
  ASSERT_FALSE(directory);
  EXPECT_FALSE(directory.error().is_missing);
  EXPECT_EQ(directory.error().why, "Is a directory");
}

TEST_F(ReadWholeFile, IsBounded) {
  EXPECT_TRUE(read_whole_file(write("most", std::string(kMaxConfigBytes, '#'))));
  const auto larger = read_whole_file(write("larger", std::string(kMaxConfigBytes + 1, '#')));
  ASSERT_FALSE(larger);
  EXPECT_THAT(larger.error().why, HasSubstr("1 MiB"));
  EXPECT_FALSE(read_whole_file("/dev/zero"));
}

TEST_F(ReadWholeFile, DoesNotWaitForAPipeThatNobodyOpened) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_whole_file(path("pipe")).value(), "");
}

Given given_file(const std::string& flag_or_variable, const std::string& path) {
  Given given{.flags = {}, .environment = {}, .default_file = path};
  if (flag_or_variable.starts_with('-')) {
    given.flags.push_back({&config_file_option(), path, flag_or_variable});
  } else if (!flag_or_variable.empty()) {
    given.environment.emplace_back(flag_or_variable, path);
  }
  return given;
}

TEST_F(ReadWholeFile, TheConfigurationIsFoundByFlagVariableOrDefault) {
  const std::string file = write("q.toml", "[[interface]]\nname = \"eth0\"\n");
  for (const char* const by : {"--config", "QUERENT_CONFIG", ""}) {
    Given given = given_file(by, file);
    if (*by != '\0') given.default_file = path("missing");
    const auto read = load_config(given);
    ASSERT_TRUE(read) << by;
    EXPECT_EQ(read->config.file, file);
    EXPECT_EQ(read->config.interfaces.at(0).name, "eth0");
  }
}

TEST_F(ReadWholeFile, AFlagNamesAnotherFileThanTheVariable) {
  Given given = given_file("QUERENT_CONFIG", write("a", "[[interface]]\nname = \"a\"\n"));
  given.flags.push_back(
      {&config_file_option(), write("b", "[[interface]]\nname = \"b\"\n"), "--config"});
  EXPECT_EQ(load_config(given)->config.interfaces.at(0).name, "b");
}

TEST_F(ReadWholeFile, TheDefaultFileIsForThoseWhoNameNoInterface) {
  const std::string file = write("q.toml", "[querier]\nrobustness = 5\n");
  Given given = given_file("", file);
  given.environment.emplace_back("QUERENT_INTERFACE", "eth0");
  const auto by_default = load_config(given);
  ASSERT_TRUE(by_default);
  EXPECT_EQ(by_default->config.file, std::nullopt);
  EXPECT_EQ(by_default->config.interfaces.at(0).ipv4->robustness, 2);
  given.environment.emplace_back("QUERENT_CONFIG", file);
  const auto named = load_config(given);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->config.interfaces.at(0).ipv4->robustness, 5);
}

TEST_F(ReadWholeFile, TheDefaultFileNeedNotExist) {
  const auto read = load_config(given_file("", path("missing")));
  ASSERT_FALSE(read);
  ASSERT_THAT(read.error(), SizeIs(1));
  EXPECT_EQ(read.error()[0].what, "interface");
}

TEST_F(ReadWholeFile, ANamedFileHasToExist) {
  Given given = given_file("QUERENT_CONFIG", path("missing"));
  given.environment.emplace_back("QUERENT_ROBUSTNESS", "8");
  const auto read = load_config(given);
  ASSERT_FALSE(read);
  ASSERT_THAT(read.error(), SizeIs(2)) << "and no word about interfaces, which it may name";
  EXPECT_EQ(read.error()[0].what, "QUERENT_CONFIG");
  EXPECT_THAT(read.error()[0].why, HasSubstr("missing\" cannot be read: No such file"));
  EXPECT_EQ(read.error()[1].what, "QUERENT_ROBUSTNESS");
}

TEST_F(ReadWholeFile, ADefaultFileThatCannotBeReadIsAnError) {
  const auto read = load_config(given_file("", path("")));
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error()[0].why, HasSubstr("Is a directory"));
}

}  // namespace
}  // namespace querent::config

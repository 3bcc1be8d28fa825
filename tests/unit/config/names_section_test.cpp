#include "config/names_section.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/file.hpp"

namespace querent::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Read {
  config::NameConfig names;
  Complaints errors;
};

Read read(const std::string& lines) {
  Read read;
  read.names = parse_config_file({"q.toml", "[names]\n" + lines}, read.errors).names;
  return read;
}

std::string in_quotes(const std::string& text) {
  return '"' + text + '"';
}

TEST(NamesSection, NamesGroupsOfBothFamilies) {
  const auto [names, errors] = read(
      "\"239.1.2.3\" = \"hf audio\"\n\"FF15:0::1\" = 'b'\nka9q = [\"hf.local\", 'KA9Q_2.x-y.z']\n");
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(names.by_address,
            (std::map<Address, std::string>{{Address::v4(239, 1, 2, 3), "hf audio"},
                                            {Address::v6(0xFF15000000000000U, 1), "b"}}));
  EXPECT_THAT(names.ka9q, ElementsAre("hf.local", "KA9Q_2.x-y.z"));
}

TEST(NamesSection, CountsCharactersNotOctets) {
  std::string longest;
  for (int i = 0; i < 64; ++i)
    longest += "\u00e4";
  EXPECT_THAT(read(R"("239.1.2.3" = )" + in_quotes(longest)).errors, IsEmpty());
  EXPECT_THAT(read(R"("239.1.2.3" = )" + in_quotes(longest + "x")).errors, SizeIs(1));
  const std::string label(63, 'a');
  EXPECT_THAT(read("ka9q = [" + in_quotes(label + ".local") + "]").errors, IsEmpty());
  EXPECT_THAT(read("ka9q = [" + in_quotes(label + "a.local") + "]").errors, SizeIs(1));
  const std::string most = label + '.' + label + '.' + label + '.' + std::string(61, 'b');
  EXPECT_THAT(read("ka9q = [" + in_quotes(most) + "]").errors, IsEmpty());
  EXPECT_THAT(read("ka9q = [" + in_quotes(most + 'b') + "]").errors, SizeIs(1));
}

struct Wrong {
  std::string lines;
  const char* said;  // the only error, or a part of it
};

std::vector<Wrong> wrong_sections() {
  return {
      Wrong{R"("10.0.0.1" = "a")",
            R"(q.toml:2: names.10.0.0.1: "10.0.0.1" is not a multicast address, nor ka9q; those )"
            "are 224.0.0.0 to 239.255.255.255, and what begins with ff"},
      Wrong{R"("fe80::1" = "a")", "is not a multicast address"},
      Wrong{R"("::ffff:239.1.2.3" = "a")", "is not a multicast address"},
      Wrong{R"("239.1.2.3/32" = "a")", "is not a multicast address"},
      Wrong{R"("hf.local" = "a")", R"("hf.local" is not a multicast address)"},
      Wrong{
          R"(239.1.2.3 = "a")",
          R"(q.toml:2: names.239: "239" is not a multicast address, nor ka9q; write addresses in )"
          R"(quotes: "239.1.2.3" = "hf audio")"},
      Wrong{R"(k9q = ["hf.local"])", "did you mean ka9q?"},
      Wrong{R"("239.1.2.3" = "")",
            R"(q.toml:2: names.239.1.2.3: "" is not a name of 1 to 64 characters)"},
      Wrong{R"("239.1.2.3" = "  ")", R"("  " is not a name)"},
      Wrong{R"("239.1.2.3" = "a\tb")",
            R"("a\x09b" is not a name of 1 to 64 characters, no control)"},
      Wrong{R"("239.1.2.3" = "a\u0085b")", "is not a name"},
      Wrong{R"("239.1.2.3" = 5)",
            "5 is not a name of 1 to 64 characters, no control characters among "
            R"(them; write "239.1.2.3" = "...", in quotes)"},
      Wrong{R"("239.1.2.3" = ["a"])", "an array is not a name"},
      Wrong{"\"ff15::2\" = \"a\"\n\"ff15::3\" = \"b\"\n\"FF15:0::2\" = \"c\"",
            "q.toml:4: names.FF15:0::2: the same address as in line 2; name each group once"},
      Wrong{"\"FF15:0::2\" = \"a\"\n\"ff15::3\" = \"b\"\n\"ff15::2\" = \"c\"",
            "q.toml:4: names.ff15::2: the same address as in line 2"},
      Wrong{"\"239.1.2.3\" = \"a\"\n\"239.1.2.3\" = \"b\"", "q.toml:3:"},
      Wrong{R"(ka9q = "hf.local")",
            R"(q.toml:2: names.ka9q: "hf.local" is not a list of names; write ka9q = )"
            R"(["hf.local", "hf-status.local"])"},
      Wrong{"ka9q = {a = 1}", "a table is not a list of names"},
      Wrong{"ka9q = [\"a.local\",\n5]",
            "q.toml:3: names.ka9q: 5 is not a name like hf.local; letters, "
            "digits, - and _, with dots between"},
      Wrong{"ka9q = [\"hf.local\",\n\"hf.local\"]",
            R"(q.toml:3: names.ka9q: "hf.local" is said more than once; name each stream once)"},
      Wrong{R"(ka9q = [""])", R"("" is not a name like)"},
      Wrong{R"(ka9q = ["a b.local"])", "is not a name like"},
      Wrong{R"(ka9q = [".local"])", "is not a name like"},
      Wrong{R"(ka9q = ["hf.local."])", "is not a name like"},
      Wrong{R"(ka9q = ["hf..local"])", "is not a name like"},
      Wrong{R"(ka9q = ["-hf.local"])", "is not a name like"},
      Wrong{R"(ka9q = ["hf-.local"])", "is not a name like"},
      Wrong{"ka9q = [\"h\u00e4.local\"]", "is not a name like"},
  };
}

TEST(NamesSection, AWrongOneIsToldByLine) {
  for (const Wrong& wrong : wrong_sections()) {
    const auto errors = read(wrong.lines).errors;
    ASSERT_THAT(errors, SizeIs(1)) << wrong.lines;
    EXPECT_THAT(errors[0].what + ": " + errors[0].why + "; " + errors[0].attempt,
                HasSubstr(wrong.said));
  }
}

TEST(NamesSection, WhatIsRightIsKept) {
  const auto [names, errors] =
      read("\"239.1.2.3\" = \"a\"\n\"239.1.2.4\" = 5\nka9q = [\"hf.local\", \"\", \"x.local\"]\n");
  EXPECT_THAT(errors, SizeIs(2));
  EXPECT_THAT(names.by_address, SizeIs(1));
  EXPECT_THAT(names.ka9q, ElementsAre("hf.local", "x.local"));
}

}  // namespace
}  // namespace querent::config

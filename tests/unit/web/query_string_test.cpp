#include "web/query_string.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::web {
namespace {

using testing::IsEmpty;
using testing::Optional;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(QueryString, OfNamesAndValues) {
  EXPECT_THAT(
      parse_query_string("limit=10&after=eth0%2Fipv4%2F239.1.2.3"),
      Optional(UnorderedElementsAre(Pair("limit", "10"), Pair("after", "eth0/ipv4/239.1.2.3"))));
}

TEST(QueryString, MayBeEmptyAndHaveEmptyParts) {
  EXPECT_THAT(parse_query_string(""), Optional(IsEmpty()));
  EXPECT_THAT(parse_query_string("&&"), Optional(IsEmpty()));
  EXPECT_THAT(parse_query_string("=x"), Optional(IsEmpty()));
  EXPECT_THAT(parse_query_string("&a=1&"), Optional(UnorderedElementsAre(Pair("a", "1"))));
}

TEST(QueryString, AValueMayBeMissing) {
  EXPECT_THAT(parse_query_string("a&b=&c=d=e"),
              Optional(UnorderedElementsAre(Pair("a", ""), Pair("b", ""), Pair("c", "d=e"))));
}

TEST(QueryString, OfANameThatComesTwiceTheLastCounts) {
  EXPECT_THAT(parse_query_string("a=1&a=2"), Optional(UnorderedElementsAre(Pair("a", "2"))));
}

TEST(Escapes, AreDecodedWhateverTheyStandFor) {
  EXPECT_EQ(decode_escapes("/a+b%2Fc%2f"), "/a+b/c/");
  EXPECT_EQ(decode_escapes("/a%00b%0A"), std::string("/a\0b\n", 5));
  for (const char* const wrong : {"%", "%1", "%zz", "a%2"})
    EXPECT_EQ(decode_escapes(wrong), std::nullopt) << wrong;
}

TEST(QueryString, DecodesNamesAndValues) {
  EXPECT_THAT(parse_query_string("%61+b=c+%2b%2B%26%3d"),
              Optional(UnorderedElementsAre(Pair("a b", "c ++&="))));
  EXPECT_THAT(parse_query_string("a=%00%ff"),
              Optional(UnorderedElementsAre(Pair("a", std::string("\0\xff", 2)))));
}

TEST(QueryString, RefusesWhatIsNoEscape) {
  for (const char* const text : {"a=%", "a=%4", "a=%4g", "a=%g4", "a=%-1", "a=%+1", "a=%0x", "%",
                                 "a=% 1", "a=%1&b=2", "good=1&a=%"}) {
    EXPECT_FALSE(parse_query_string(text)) << text;
  }
}

}  // namespace
}  // namespace querent::web

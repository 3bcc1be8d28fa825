#include "client/http_url.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/http_get.hpp"

namespace querent::client {
namespace {

using testing::HasSubstr;

struct Url {
  std::string text;
  HttpUrl url;
  std::string again;
  std::string authority;
};

TEST(HttpUrl, HasAHostAPortAndAPrefix) {
  const std::vector<Url> all = {
      {"http://127.0.0.1:9224", {"127.0.0.1", 9224, ""}, "http://127.0.0.1:9224", "127.0.0.1:9224"},
      {"http://router", {"router", 80, ""}, "http://router", "router"},
      {"HTTP://router/", {"router", 80, ""}, "http://router", "router"},
      {"http://a.b_c-d.:1/querent//",
       {"a.b_c-d.", 1, "/querent"},
       "http://a.b_c-d.:1/querent",
       "a.b_c-d.:1"},
      {"http://[::1]:9224/x/y", {"::1", 9224, "/x/y"}, "http://[::1]:9224/x/y", "[::1]:9224"},
      {"http://[fe80::1%eth0]", {"fe80::1%eth0", 80, ""}, "http://[fe80::1%eth0]", "[fe80::1]"},
  };
  for (const Url& good : all) {
    const auto url = parse_http_url(good.text);
    ASSERT_TRUE(url) << good.text << ": " << url.error();
    EXPECT_EQ(*url, good.url) << good.text;
    EXPECT_EQ(url->to_string(), good.again);
    EXPECT_EQ(url->authority(), good.authority);
  }
}

TEST(HttpUrl, IsRefusedWithWords) {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"", "it must be http://HOST[:PORT][/PREFIX]"},
      {"router:9224", "it must be http://HOST[:PORT][/PREFIX]"},
      {"http:/router", "it must be http://"},
      {"ftp://router", "it must be http://"},
      {"https://router", "https is not spoken here"},
      {"HTTPS://router", "https is not spoken here"},
      {"http://", "there is no host in it"},
      {"http://:9224", "there is no host in it"},
      {"http:///querent", "there is no host in it"},
      {"http://a b", "there is no host in it"},
      {"http://a\r\nX: y", "there is no host in it"},
      {"http://" + std::string(256, 'a'), "there is no host in it"},
      {"http://me:secret@router", "say --user NAME:PASSWORD"},
      {"http://[::1", "the ] behind the IPv6 address is missing"},
      {"http://[]", "there is no host in it"},
      {"http://[::1]9224", "a port is from 1 to 65535"},
      {"http://router:", "a port is from 1 to 65535"},
      {"http://router:0", "a port is from 1 to 65535"},
      {"http://router:65536", "a port is from 1 to 65535"},
      {"http://router:+1", "a port is from 1 to 65535"},
      {"http://::1", "there is no host in it"},
      {"http://router/a b", "what is behind the host is no path"},
      {"http://router/a\r\nX: y", "what is behind the host is no path"},
      {"http://router?x=y", "what is behind the host is no path"},
      {"http://router/x#y", "what is behind the host is no path"},
  };
  for (const auto& [text, why] : all) {
    const auto url = parse_http_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_THAT(url.error(), HasSubstr(why)) << text;
  }
}

TEST(PercentEncoded, LeavesNothingThatMeansSomething) {
  EXPECT_EQ(percent_encoded("eth0.20_a-b~"), "eth0.20_a-b~");
  EXPECT_EQ(percent_encoded("eth0/ipv4/239.1.2.3"), "eth0%2Fipv4%2F239.1.2.3");
  EXPECT_EQ(percent_encoded("a&b=c d\r\n\xC3\xBC"), "a%26b%3Dc%20d%0D%0A%C3%BC");
}

// RFC 4648 section 10.
TEST(Base64, IsAsInTheRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xFF\xFE\xFD"), "//79");
}

}  // namespace
}  // namespace querent::client

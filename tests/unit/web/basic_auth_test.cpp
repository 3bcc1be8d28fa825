#include "web/basic_auth.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <crypt.h>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace querent::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// As htpasswd -B would write it, but as cheap as can be.
std::string bcrypt(const std::string& password, unsigned long cost = 4,
                   const char* prefix = "$2y$") {
  constexpr std::array<char, 16> kEntropy{"not very random"};
  const auto scratch = std::make_unique<crypt_data>();
  const char* const setting = crypt_gensalt_rn(prefix, cost, kEntropy.data(), kEntropy.size(),
                                               scratch->output, sizeof scratch->output);
  const std::string salt = setting == nullptr ? "" : setting;
  const char* const hash = crypt_r(password.c_str(), salt.c_str(), scratch.get());
  return hash == nullptr ? "" : hash;
}

std::string base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6)
      out += kDigits[(bits >> static_cast<unsigned>(held - 6)) & 63U];
  }
  if (held > 0) out += kDigits[(bits << static_cast<unsigned>(6 - held)) & 63U];
  while (out.size() % 4 != 0)
    out += '=';
  return out;
}

std::string header(std::string_view name, std::string_view password) {
  return "Basic " + base64(std::string(name) + ':' + std::string(password));
}

BasicAuth auth_of(const std::string& text) {
  auto auth = BasicAuth::parse(text);
  EXPECT_TRUE(auth) << (auth ? "" : auth.error().front());
  return std::move(auth).value();
}

std::vector<std::string> wrong_in(const std::string& text) {
  const auto auth = BasicAuth::parse(text);
  return auth ? std::vector<std::string>{} : auth.error();
}

TEST(BasicAuth, AdmitsWhoKnowsTheRightPassword) {
  const auto auth = auth_of("alice:" + bcrypt("wonderland") + "\nbob:" + bcrypt("builder") + '\n');
  EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
  EXPECT_TRUE(auth.admits(header("bob", "builder")));
  EXPECT_FALSE(auth.admits(header("alice", "builder")));
  EXPECT_FALSE(auth.admits(header("bob", "wonderland")));
  EXPECT_FALSE(auth.admits(header("alice", "")));
  EXPECT_FALSE(auth.admits(header("alice", "wonderland ")));
  EXPECT_FALSE(auth.admits(header("Alice", "wonderland")));
  EXPECT_FALSE(auth.admits(header("", "wonderland")));
  EXPECT_FALSE(auth.admits(std::nullopt));
}

// The first user's hash is reckoned for names that are not there: it must not admit them.
TEST(BasicAuth, ANameThatIsNotThereIsNotTheFirstOne) {
  const auto auth = auth_of("alice:" + bcrypt("wonderland"));
  EXPECT_FALSE(auth.admits(header("mallory", "wonderland")));
  EXPECT_FALSE(auth.admits(header("mallory", "wonderland"))) << "and is not remembered";
}

TEST(BasicAuth, WhoWasRightBeforeIsAndWhoWasWrongIsNot) {
  const auto auth = auth_of("alice:" + bcrypt("wonderland"));
  EXPECT_FALSE(auth.admits(header("alice", "mirror")));
  EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
  EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
  EXPECT_FALSE(auth.admits(header("alice", "mirror")));
  EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
}

// Guesses are reckoned all the time. Who was right before is answered in the middle of one.
TEST(BasicAuth, WhoWasRightBeforeDoesNotWaitForOthers) {
  using Clock = std::chrono::steady_clock;
  const auto auth = auth_of("alice:" + bcrypt("wonderland", 10));
  const auto before = Clock::now();
  ASSERT_TRUE(auth.admits(header("alice", "wonderland")));
  const auto a_quarter = (Clock::now() - before) / 4;

  std::atomic<bool> seen = false;
  std::atomic<int> guess = 0;
  std::atomic<Clock::time_point> begun = Clock::now();
  std::thread guesser([&] {
    for (int i = 0; i < 50 && !seen; ++i) {
      begun = Clock::now();
      ++guess;
      EXPECT_FALSE(auth.admits(header("alice", "guess")));
      ++guess;
    }
    guess = -1;
  });
  while (guess >= 0 && !seen) {
    const int during = guess;
    const bool in_the_middle = during % 2 == 1 && Clock::now() - begun.load() > a_quarter;
    EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
    if (in_the_middle && guess == during) seen = true;
  }
  guesser.join();
  EXPECT_TRUE(seen);
}

TEST(BasicAuth, ReadsHeadersAsTheyCome) {
  const auto auth = auth_of("alice:" + bcrypt("won:der:land"));
  const auto credentials = base64("alice:won:der:land");
  EXPECT_TRUE(auth.admits("Basic " + credentials)) << "a password may have colons";
  EXPECT_TRUE(auth.admits("basic " + credentials));
  EXPECT_TRUE(auth.admits("BASIC " + credentials));
  const auto unpadded = credentials.substr(0, credentials.find('='));
  EXPECT_TRUE(auth.admits("Basic " + unpadded));
}

TEST(BasicAuth, RefusesHeadersThatAreNone) {
  const auto auth = auth_of("alice:" + bcrypt("wonderland"));
  const auto credentials = base64("alice:wonderland");
  for (const std::string& malformed :
       {std::string{}, std::string("Basic"), std::string("Basic "), "Basic" + credentials,
        "Basic  " + credentials, "Bearer " + credentials, "Digest " + credentials, credentials,
        "Basic " + credentials + " ", "Basic *" + credentials, "Basic " + base64("alice"),
        "Basic " + base64("alicewonderland"), "Basic " + base64(":"),
        "Basic \xff\xfe" + credentials, std::string(8000, 'A')}) {
    EXPECT_FALSE(auth.admits(malformed)) << malformed;
  }
}

// C strings end there: what follows would not be looked at.
TEST(BasicAuth, APasswordEndsWhereItEnds) {
  const auto auth = auth_of("alice:" + bcrypt("wonderland"));
  EXPECT_FALSE(auth.admits(header("alice", std::string_view("wonderland\0x", 12))));
}

TEST(BasicAuth, KnowsTheNameInAHeader) {
  EXPECT_EQ(BasicAuth::name_in(header("alice", "secret")), "alice");
  EXPECT_EQ(BasicAuth::name_in(header("", "secret")), "");
  EXPECT_EQ(BasicAuth::name_in("Bearer x"), "");
  EXPECT_EQ(BasicAuth::name_in(std::nullopt), "");
}

TEST(BasicAuth, ReadsTheFilesThatPeopleHave) {
  const auto hash = bcrypt("wonderland");
  const auto auth = auth_of("# who may look\n\n  \nalice:" + hash + "  \r\n#bob:x\nb b:" + hash);
  EXPECT_TRUE(auth.admits(header("alice", "wonderland")));
  EXPECT_TRUE(auth.admits(header("b b", "wonderland")));
  EXPECT_FALSE(auth.admits(header("#bob", "x")));
}

TEST(BasicAuth, TakesEveryKindOfBcrypt) {
  for (const char* const prefix : {"$2a$", "$2b$", "$2y$"}) {
    const auto auth = auth_of("alice:" + bcrypt("wonderland", 4, prefix));
    EXPECT_TRUE(auth.admits(header("alice", "wonderland"))) << prefix;
  }
}

TEST(BasicAuth, TellsAllThatIsWrong) {
  const auto hash = bcrypt("x");
  EXPECT_THAT(wrong_in("alice\n:" + hash + "\nbob:secret\ncarol:" + hash + "\ncarol:" + hash),
              ElementsAre("line 1: is not NAME:HASH", "line 2: is not NAME:HASH",
                          HasSubstr("line 3: the hash is not bcrypt's"),
                          "line 5: the name was there before"));
}

TEST(BasicAuth, AFileThatNamesNobodyIsWrong) {
  EXPECT_THAT(wrong_in(""), ElementsAre("names nobody"));
  EXPECT_THAT(wrong_in("# nobody\n\n"), ElementsAre("names nobody"));
}

TEST(BasicAuth, AllHashesCostTheSame) {
  EXPECT_THAT(wrong_in("alice:" + bcrypt("x", 4) + "\nbob:" + bcrypt("x", 5)),
              ElementsAre(HasSubstr("line 2: its cost is another one than the first's")));
}

// What only looks like a hash would be compared in no time, which tells names.
TEST(BasicAuth, AHashIsOneToTheLastCharacter) {
  const auto hash = bcrypt("x");
  auto no_number = hash;
  no_number.replace(4, 2, "x4");
  auto too_cheap = hash;
  too_cheap.replace(4, 2, "03");
  auto no_digit = hash;
  no_digit[40] = '*';
  for (const auto& wrong :
       {hash + 'x', hash.substr(0, 59), "$1$" + hash.substr(3), "$2x$" + hash.substr(4), no_number,
        too_cheap, no_digit, std::string("plain")}) {
    EXPECT_THAT(wrong_in("alice:" + wrong),
                ElementsAre(HasSubstr("line 1: the hash is not bcrypt's")))
        << wrong;
  }
}

}  // namespace
}  // namespace querent::web

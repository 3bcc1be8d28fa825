#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../probe/frame.hpp"
#include "cli/command.hpp"

namespace querent::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SameFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(other_); }

  void expect_refusal_to_write(const std::string& path) {
    const auto outcome = querent({"watch", "-r", capture_.path(), "-w", path});
    EXPECT_EQ(outcome.code, kUsage) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(capture_.path()), HasSubstr(path)));
    EXPECT_THAT(outcome.lines(), testing::SizeIs(1));
    EXPECT_EQ(content(capture_.path()), "a day's work");
  }

  const TemporaryFile capture_{"a day's work"};
  const std::string other_ = capture_.path() + "-too";
};

TEST_F(SameFile, IsNotOverwrittenWhileItIsRead) {
  expect_refusal_to_write(capture_.path());
}

TEST_F(SameFile, IsKnownByAnyOfItsNames) {
  std::filesystem::create_hard_link(capture_.path(), other_);
  expect_refusal_to_write(other_);
  std::filesystem::remove(other_);
  std::filesystem::create_symlink(capture_.path(), other_);
  expect_refusal_to_write(other_);
}

TEST(WatchCommand, WhatIsWrongIsSaidAsItWasTyped) {
  EXPECT_THAT(querent({"watch", "-i", "lo", "-n", "99999999999999999999999"}).err,
              HasSubstr("\"99999999999999999999999\" is not allowed: a count is from 1 to "
                        "18446744073709551615"));
  EXPECT_THAT(querent({"watch", "-r", "x", "-w", ""}).err,
              HasSubstr("querent: --write: its value is empty"));
}

}  // namespace
}  // namespace querent::cli

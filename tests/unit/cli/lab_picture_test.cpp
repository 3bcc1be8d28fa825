#include "cli/lab_picture.hpp"

#include <gtest/gtest.h>

namespace querent::cli {

namespace {

const LabSecond kAlive{.second = 12,
                       .phase = 2,
                       .sent = 20,
                       .received = 20,
                       .table = {"239.1.2.3 at receiver"},
                       .querier = Address::v4(10, 9, 0, 10)};
const LabSecond kDead{.second = 7, .sent = 20};

TEST(LabPicture, ShowsAStreamThatLives) {
  EXPECT_EQ(picture(kAlive, false),
            "  12 s  ██████████  alive   switch: 239.1.2.3 at receiver     querier: 10.9.0.10");
}

TEST(LabPicture, ShowsAStreamThatIsDead) {
  EXPECT_EQ(picture(kDead, false),
            "   7 s  ··········  DEAD    switch: nobody wants anything     querier: none");
}

TEST(LabPicture, PaintsOnlyWhenAsked) {
  EXPECT_EQ(picture(kDead, false).find('\033'), std::string::npos);
  EXPECT_NE(picture(kDead, true).find('\033'), std::string::npos);
}

TEST(LabPicture, OneDatagramIsOneCellAtLeast) {
  LabSecond weak = kAlive;
  weak.received = 1;
  EXPECT_NE(picture(weak, false).find("█·········  alive"), std::string::npos);
}

TEST(LabPicture, SpeaksJson) {
  EXPECT_EQ(as_json(kAlive), R"({"second":12,"phase":2,"sent":20,"received":20,"alive":true,)"
                             R"("table":["239.1.2.3 at receiver"],"querier":"10.9.0.10"})");
  EXPECT_EQ(as_json(kDead), R"({"second":7,"phase":1,"sent":20,"received":0,"alive":false,)"
                            R"("table":[],"querier":null})");
  EXPECT_EQ(as_json(LabVerdict{2, true, "it lives"}),
            R"({"phase":2,"holds":true,"verdict":"it lives"})");
}

}  // namespace

}  // namespace querent::cli

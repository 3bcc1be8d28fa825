#include "web/error_json.hpp"

#include <gtest/gtest.h>

#include "../observe/json_document.hpp"

namespace querent::web::test {
namespace {

TEST(ErrorJson, IsAnObjectOnOneLine) {
  EXPECT_EQ(error_json("no"), "{\"error\":\"no\"}\n");
  EXPECT_EQ(observe::test::document(error_json("\"\\\n\x01")),
            (nlohmann::ordered_json{{"error", "\"\\\n\x01"}}));
}

}  // namespace
}  // namespace querent::web::test

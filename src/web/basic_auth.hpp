#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace querent::web {

// Names and passwords of those who may look.
class BasicAuth {
 public:
  // Lines "NAME:HASH" as htpasswd -B writes them (bcrypt); empty lines and those that begin with
  // '#' are passed over. Or all that is wrong: "line 3: ...".
  static Result<BasicAuth, std::vector<std::string>> parse(std::string_view text);

  BasicAuth(BasicAuth&& other) noexcept;

  // Whether the value of an Authorization header names a user and the password. A wrong one takes
  // the time of a right one, whether the name or the password is wrong; of those that were right
  // before, the answer comes at once. From any thread; one at a time is reckoned.
  bool admits(const std::optional<std::string>& authorization) const;

  // The name in such a header, for the log; empty: there is none.
  static std::string name_in(const std::optional<std::string>& authorization);

 private:
  BasicAuth() = default;

  bool was_admitted(const std::string& name, const std::string& authorization) const;

  std::map<std::string, std::string, std::less<>> hashes_;  // by name, never empty
  mutable std::mutex reckoning_;
  mutable std::mutex admitted_mutex_;
  mutable std::map<std::string, std::string> admitted_;  // by name, the header that was right
};

}  // namespace querent::web

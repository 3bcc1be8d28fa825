#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "client/http_url.hpp"
#include "client/json_value.hpp"
#include "os/fd.hpp"
#include "querent/time.hpp"

namespace querent::client {

// Why the appliance did not answer, in the parts of a complaint.
struct NoAnswer {
  enum class Kind : std::uint8_t {
    kAbsent,  // nobody there, or not able to answer now: may come back
    kDenied,  // wants another user
    kWrong,   // will not answer otherwise next time
    kInterrupted,
  };
  Kind kind = Kind::kAbsent;
  std::string why;
  std::string attempt;
};

struct ApiAnswer {
  int status = 0;
  std::string text;   // as it came
  JsonDocument json;  // an object
};

// A running querent, as its HTTP interface shows it (docs/api.md). Each question is a connection.
class Querent {
 public:
  Querent(HttpUrl url, std::string user) : url_(std::move(url)), user_(std::move(user)) {}

  // For each question from now on.
  void set_patience(Duration patience) { patience_ = patience; }
  // A question is given up when it is readable. It must outlive this.
  void set_interrupt(const os::Fd& interrupt) { interrupt_ = &interrupt; }

  // "/api/v1/status": the answer 200. Of `others`, also those with that status are answers, unless
  // they name an error.
  Result<ApiAnswer, NoAnswer> ask(const std::string& target,
                                  const std::vector<int>& others = {}) const;

 private:
  NoAnswer refusal(const std::string& target, int status, const JsonValue& answer) const;

  HttpUrl url_;
  std::string user_;
  Duration patience_ = std::chrono::seconds(5);
  const os::Fd* interrupt_ = nullptr;
};

}  // namespace querent::client

#include "web/basic_auth.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <crypt.h>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace querent::web {

namespace {

struct Credentials {
  std::string name;
  std::string password;
};

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('='))
    text.remove_suffix(1);
  std::string decoded;
  unsigned bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = kBase64.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    decoded += static_cast<char>((bits >> held) & 0xFFU);
  }
  return decoded;
}

// RFC 7617 2; the scheme's case does not matter.
std::optional<Credentials> credentials(const std::optional<std::string>& authorization) {
  constexpr std::string_view kScheme = "basic ";
  if (!authorization || authorization->size() < kScheme.size()) return std::nullopt;
  const bool is_basic =
      std::equal(kScheme.begin(), kScheme.end(), authorization->begin(), [](char a, char b) {
        return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
      });
  if (!is_basic) return std::nullopt;
  const auto decoded = decode_base64(std::string_view(*authorization).substr(kScheme.size()));
  // C strings end at a NUL, so that what follows it would not count.
  if (!decoded || decoded->find('\0') != std::string::npos) return std::nullopt;
  const auto colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Credentials{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

// Takes as long whatever differs.
bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

std::string_view cost_of(std::string_view hash) {
  return hash.substr(4, 2);
}

// Also one that libcrypt would not take: it would be refused in no time, which tells names.
bool is_bcrypt(std::string_view hash) {
  constexpr std::size_t kLength = 60;
  constexpr std::string_view kDigits =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const bool is_one =
      hash.starts_with("$2a$") || hash.starts_with("$2b$") || hash.starts_with("$2y$");
  if (!is_one || hash.size() != kLength || hash[6] != '$') return false;
  const auto cost = cost_of(hash);
  const bool is_number = cost.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number && cost >= "04" && cost <= "31" &&
         hash.find_first_not_of(kDigits, 7) == std::string_view::npos;
}

bool matches(const std::string& password, const std::string& hash) {
  const auto scratch = std::make_unique<crypt_data>();
  const char* const reckoned = ::crypt_r(password.c_str(), hash.c_str(), scratch.get());
  return reckoned != nullptr && are_equal(reckoned, hash);
}

}  // namespace

Result<BasicAuth, std::vector<std::string>> BasicAuth::parse(std::string_view text) {
  BasicAuth auth;
  std::vector<std::string> wrong;
  for (int line_number = 1; !text.empty(); ++line_number) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto colon = line.find(':');
    const auto complain = [&](std::string_view what) {
      wrong.push_back(fmt::format("line {}: {}", line_number, what));
    };
    if (colon == std::string_view::npos || colon == 0) {
      complain("is not NAME:HASH");
      continue;
    }
    const auto hash = line.substr(colon + 1);
    if (!is_bcrypt(hash)) {
      complain("the hash is not bcrypt's ($2y$...); htpasswd -nB NAME makes one");
    } else if (!auth.hashes_.empty() && cost_of(auth.hashes_.begin()->second) != cost_of(hash)) {
      complain("its cost is another one than the first's: the time would tell names");
    } else if (!auth.hashes_.emplace(line.substr(0, colon), hash).second) {
      complain("the name was there before");
    }
  }
  if (wrong.empty() && auth.hashes_.empty()) wrong.emplace_back("names nobody");
  if (!wrong.empty()) return failure(std::move(wrong));
  return auth;
}

BasicAuth::BasicAuth(BasicAuth&& other) noexcept : hashes_(std::move(other.hashes_)) {}

bool BasicAuth::was_admitted(const std::string& name, const std::string& authorization) const {
  const std::lock_guard lock(admitted_mutex_);
  const auto before = admitted_.find(name);
  return before != admitted_.end() && are_equal(before->second, authorization);
}

bool BasicAuth::admits(const std::optional<std::string>& authorization) const {
  const auto said = credentials(authorization);
  if (!said) return false;
  if (was_admitted(said->name, *authorization)) return true;
  const std::lock_guard one_at_a_time(reckoning_);
  const auto user = hashes_.find(said->name);
  const auto& [name, hash] = user == hashes_.end() ? *hashes_.begin() : *user;
  const bool right = matches(said->password, hash) && user != hashes_.end();
  if (right) {
    const std::lock_guard lock(admitted_mutex_);
    admitted_[name] = *authorization;
  }
  return right;
}

std::string BasicAuth::name_in(const std::optional<std::string>& authorization) {
  const auto said = credentials(authorization);
  return said ? said->name : "";
}

}  // namespace querent::web

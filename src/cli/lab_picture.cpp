#include "cli/lab_picture.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "base/check.hpp"

namespace querent::cli {

namespace {

constexpr std::string_view kGreen = "\033[32m";
constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kPlain = "\033[0m";

std::string painted(std::string_view text, std::string_view paint, bool colour) {
  return colour ? fmt::format("{}{}{}", paint, text, kPlain) : std::string(text);
}

// Ten cells: how much of what was sent came through.
std::string bar(unsigned received, unsigned sent) {
  constexpr unsigned kCells = 10;
  const unsigned full = sent == 0 ? 0 : std::min(kCells, (received * kCells + sent - 1) / sent);
  std::string cells;
  for (unsigned cell = 0; cell < kCells; ++cell)
    cells += cell < full ? "█" : "·";
  return cells;
}

}  // namespace

std::string_view phase_title(int phase) {
  constexpr std::array<std::string_view, 4> kTitles{
      "no querier: the switch forgets the receiver, and the stream dies",
      "querent starts: the stream comes back, and stays",
      "a second querent with a lower address takes over",
      "the second one is killed: the first resumes",
  };
  CHECK(phase >= 1 && phase <= static_cast<int>(kTitles.size()));
  return kTitles[static_cast<std::size_t>(phase - 1)];
}

std::string picture(const LabSecond& second, bool colour) {
  const bool alive = second.alive();
  return fmt::format("{:4} s  {}  {}   switch: {:<24}  querier: {}", second.second,
                     painted(bar(second.received, second.sent), alive ? kGreen : kRed, colour),
                     painted(alive ? "alive" : "DEAD ", alive ? kGreen : kRed, colour),
                     second.table.empty() ? "nobody wants anything"
                                          : fmt::format("{}", fmt::join(second.table, ", ")),
                     second.querier ? second.querier->to_string() : "none");
}

std::string picture(const LabVerdict& verdict, bool colour) {
  return fmt::format(
      "  {}  {}",
      painted(verdict.holds ? "ok    " : "FAILED", verdict.holds ? kGreen : kRed, colour),
      verdict.text);
}

std::string as_json(const LabSecond& second) {
  nlohmann::ordered_json json{{"second", second.second}, {"phase", second.phase},
                              {"sent", second.sent},     {"received", second.received},
                              {"alive", second.alive()}, {"table", second.table}};
  json["querier"] = second.querier ? nlohmann::ordered_json(second.querier->to_string())
                                   : nlohmann::ordered_json();
  return json.dump();
}

std::string as_json(const LabVerdict& verdict) {
  return nlohmann::ordered_json{
      {"phase", verdict.phase}, {"holds", verdict.holds}, {"verdict", verdict.text}}
      .dump();
}

}  // namespace querent::cli

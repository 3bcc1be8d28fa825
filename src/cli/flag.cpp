#include "cli/flag.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <vector>

namespace querent::cli {

const Flag& Flag::type_name(const std::string& placeholder) const {
  option_->type_name(placeholder);
  return *this;
}

const Flag& Flag::group(const std::string& heading) const {
  option_->group(heading);
  return *this;
}

const Flag& Flag::required() const {
  option_->required();
  return *this;
}

const Flag& Flag::excludes(const Flag& other) const {
  option_->excludes(other.option_);
  return *this;
}

const Flag& Flag::check(const std::function<std::string(const std::string& text)>& fault) const {
  option_->check(fault);
  return *this;
}

template <typename Value>
Flag add_option(CLI::App& app, const std::string& names, Value& value,
                const std::string& description) {
  return Flag(app.add_option(names, value, description));
}

template Flag add_option(CLI::App&, const std::string&, double&, const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::string&, const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::uint16_t&, const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::uint64_t&, const std::string&);
template Flag add_option(CLI::App&, const std::string&, unsigned&, const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::vector<std::string>&,
                         const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::optional<std::int64_t>&,
                         const std::string&);
template Flag add_option(CLI::App&, const std::string&, std::optional<std::string>&,
                         const std::string&);

Flag add_flag(CLI::App& app, const std::string& names, bool& value,
              const std::string& description) {
  return Flag(app.add_flag(names, value, description));
}

}  // namespace querent::cli

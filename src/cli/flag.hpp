#pragma once

#include <functional>
#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
class Option;
}  // namespace CLI

// How commands declare what they understand. The library behind it costs more to compile than all
// that a command says, so that few sources include it.

namespace querent::cli {

// One option or flag, and what there is to say about it.
class Flag {
 public:
  explicit Flag(CLI::Option* option) : option_(option) {}

  const Flag& type_name(const std::string& placeholder) const;
  const Flag& group(const std::string& heading) const;  // in --help
  const Flag& required() const;
  const Flag& excludes(const Flag& other) const;
  // `fault`: what is wrong with the text; empty: nothing.
  const Flag& check(const std::function<std::string(const std::string& text)>& fault) const;

 private:
  CLI::Option* option_;
};

// With a value, read into `value`: a text, a number, an optional one, or a vector of texts, for
// what can be said again. `names`: "-i,--interface", or "FILE" for one that is known by its place.
template <typename Value>
Flag add_option(CLI::App& app, const std::string& names, Value& value,
                const std::string& description);

// Without a value; "!--no-router-alert" makes it false.
Flag add_flag(CLI::App& app, const std::string& names, bool& value, const std::string& description);

}  // namespace querent::cli

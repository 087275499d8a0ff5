// How a token is chosen from a row of logits, as Hone.Models.Generation.SamplingOptions says it.
#pragma once

#include <cstdint>

namespace hone {

struct SampleChoice {
  double temperature;  // 0: the likeliest
  int64_t top_k;       // 0: all
  double top_p;        // 1: all
  double min_p;        // 0: all
  float repetition;    // 1: none
  float frequency;
  float presence;
  double uniform;  // the draw, in [0, 1)
  double log_prob_temperature;

  // The tokens so far, `prompt` of them given.
  const int32_t* text;
  int64_t length;
  int64_t prompt;

  const int32_t* banned;
  int64_t banned_count;

  [[gnu::always_inline]] bool changes_logits() const {
    return repetition != 1 || frequency != 0 || presence != 0 || banned_count > 0;
  }
};

struct SampledToken {
  int64_t id;
  float log_prob;  // by the softmax of logits / log_prob_temperature
};

/// Ids of choices that could not be made: the logits are no finite numbers; every token is banned.
inline constexpr int64_t kNotFinite = -1;
inline constexpr int64_t kAllBanned = -2;

/// Floats of scratch memory that one choice among `vocabulary` tokens takes.
inline int64_t sample_scratch(int64_t vocabulary) { return 4 * ((vocabulary + 63) / 64 * 64); }

}  // namespace hone

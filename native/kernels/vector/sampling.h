// Choosing tokens from rows of logits without sorting the vocabulary.
#pragma once

#include "../kernels.h"
#include "math.h"
#include "weight_filter.h"

namespace hone::HONE_ISA {

/// Tokens whose weights are summed together; the running sum of blocks is in double precision.
inline constexpr int64_t kSampleBlock = 512;

/// The parts of the scratch memory.
struct SampleScratch {
  SampleScratch(float* memory, int64_t vocabulary)
      : weights(memory),
        keys(reinterpret_cast<uint64_t*>(memory + round_up(vocabulary, 64))),
        counts(memory + 3 * round_up(vocabulary, 64)) {}

  float* weights;
  uint64_t* keys;
  float* counts;  // how often a token occurred
};

template <class T>
inline float largest_in(const T* row, int64_t n) {
  Floats largest = splat(-kInfinity);
  for_each_vector(
      n, [&](int64_t i, auto lanes) { largest = larger(largest, select(lanes, load(row + i, lanes), -kInfinity)); });
  return largest_of(largest);
}

/// weights = e^((row − largest) · inverse); returns their sum. A NaN or an infinity in the row makes it no number.
template <class T>
inline double exponentials(const T* row, int64_t n, float largest, float inverse, float* weights) {
  // The largest keeps its distance of 0 at any temperature.
  const float factor = inverse < __FLT_MAX__ ? inverse : __FLT_MAX__;
  double total = 0;
  for (int64_t start = 0; start < n; start += kSampleBlock) {
    Floats sum{};
    for_each_vector(smaller(kSampleBlock, n - start), [&](int64_t i, auto lanes) {
      const Floats distance = load(row + start + i, lanes) - largest;
      const Floats weight = select(lanes, exp(factor == 1 ? distance : distance * factor), 0);
      store(weights + start + i, weight);
      sum += weight;
    });
    total += sum_of(sum);
  }

  return total;
}

inline double sum_in_blocks(const float* weights, int64_t n) {
  double total = 0;
  for (int64_t start = 0; start < n; start += kSampleBlock) {
    Floats sum{};
    for_each_vector(smaller(kSampleBlock, n - start),
                    [&](int64_t i, auto lanes) { sum += load(weights + start + i, lanes); });
    total += sum_of(sum);
  }

  return total;
}

/// Penalties, once for each token that occurred, then bans: in the order in which LogitRules applies them.
inline void apply_rules(float* logits, const SampleChoice& choice, float* counts) {
  const auto clear = [&](int64_t from) {
    for (int64_t i = from; i < choice.length; i++) {
      counts[choice.text[i]] = 0;
    }
  };

  if (choice.repetition != 1) {
    clear(0);
    for (int64_t i = 0; i < choice.length; i++) {
      const int32_t token = choice.text[i];
      if (counts[token]++ == 0) {
        logits[token] = logits[token] < 0 ? logits[token] * choice.repetition : logits[token] / choice.repetition;
      }
    }
  }

  if (choice.frequency != 0 || choice.presence != 0) {
    clear(choice.prompt);
    for (int64_t i = choice.prompt; i < choice.length; i++) {
      const int32_t token = choice.text[i];
      logits[token] -= choice.frequency + (counts[token]++ == 0 ? choice.presence : 0);
    }
  }

  for (int64_t i = 0; i < choice.banned_count; i++) {
    logits[choice.banned[i]] = -kInfinity;
  }
}

/// The first token at which the running sum of weights passes `left`, which is uniform · (sum of all).
inline int64_t draw(const float* weights, int64_t n, double left) {
  for (int64_t start = 0; start < n; start += kSampleBlock) {
    const int64_t count = smaller(kSampleBlock, n - start);
    const double sum = sum_in_blocks(weights + start, count);
    if (left >= sum) {
      left -= sum;
      continue;
    }

    for (int64_t i = start; i < start + count; i++) {
      left -= weights[i];
      if (left < 0) {
        return i;
      }
    }
  }

  // Rounding has left a rest after the last weight.
  int64_t last = n - 1;
  while (last > 0 && weights[last] == 0) {
    last--;
  }

  return last;
}

template <class Row>
inline int64_t choose(const Row* row, int64_t n, float largest, const SampleChoice& choice,
                      const SampleScratch& scratch, double mass) {
  if (choice.temperature == 0) {
    return first_of_value(row, n, largest);
  }

  // `mass` of plain logits is that of the weights which are there already.
  double total = mass;
  if (mass == 0 || choice.temperature != choice.log_prob_temperature) {
    total = exponentials(row, n, largest, static_cast<float>(1 / choice.temperature), scratch.weights);
  }

  if (filters(choice, n)) {
    filter(scratch.weights, n, choice, scratch.keys);
    total = sum_in_blocks(scratch.weights, n);
  }

  return draw(scratch.weights, n, choice.uniform * total);
}

template <class T>
SampledToken sample(const T* row, int64_t n, const SampleChoice& choice, float* memory) {
  const SampleScratch scratch(memory, n);
  const float largest = largest_in(row, n);
  const double mass =
      exponentials(row, n, largest, static_cast<float>(1 / choice.log_prob_temperature), scratch.weights);
  if (!(mass < static_cast<double>(kInfinity)) || !(largest > -kInfinity)) {
    return {kNotFinite, 0};
  }

  int64_t id;
  if (!choice.changes_logits()) {
    id = choose(row, n, largest, choice, scratch, mass);
  } else {
    float* const logits = scratch.weights;
    for_each_vector(n, [&](int64_t i, auto lanes) { store(logits + i, load(row + i, lanes)); });
    apply_rules(logits, choice, scratch.counts);
    const float most = largest_in(logits, n);
    if (most == -kInfinity) {
      return {kAllBanned, 0};
    }

    id = choose(logits, n, most, choice, scratch, 0);
  }

  const double distance = (widen(row[id]) - largest) / choice.log_prob_temperature;
  return {id, static_cast<float>(distance - __builtin_log(mass))};
}

}  // namespace hone::HONE_ISA

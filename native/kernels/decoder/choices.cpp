#include "choices.h"

#include <torch/library.h>

#include "../team.h"

namespace hone::decoder {

using at::Tensor;

namespace {

// temperature, top_p, min_p, repetition, frequency, presence, uniform, log_prob_temperature
constexpr int64_t kReals = 8;

// row, top_k, start of the text among the tokens, its length, how many of it were given, start and count of the banned
constexpr int64_t kIntegers = 7;

}  // namespace

Choices::Choices(const Tensor& reals, const Tensor& integers, const Tensor& tokens, int64_t rows)
    : reals_(reals.contiguous()), integers_(integers.contiguous()), tokens_(tokens.contiguous()) {
  TORCH_CHECK(reals_.scalar_type() == at::kDouble && reals_.dim() == 2 && reals_.size(1) == kReals &&
                  integers_.scalar_type() == at::kLong &&
                  integers_.sizes() == at::IntArrayRef({reals_.size(0), kIntegers}) &&
                  tokens_.scalar_type() == at::kInt && tokens_.dim() == 1,
              "hone::sample: choices must be float64 [choice, ", kReals, "], int64 [choice, ", kIntegers,
              "] and int32 [token], got ", reals.sizes(), ", ", integers.sizes(), " and ", tokens.sizes());
  for (int64_t i = 0; i < count(); i++) {
    const int64_t* const at = integers_of(i);
    TORCH_CHECK(at[0] >= 0 && at[0] < rows && at[2] >= 0 && at[3] >= at[4] && at[4] >= 0 &&
                    at[2] + at[3] <= tokens_.numel() && at[5] >= 0 && at[6] >= 0 && at[5] + at[6] <= tokens_.numel(),
                "hone::sample: choice ", i, " must be of one of ", rows, " rows and of ", tokens_.numel(),
                " tokens, got ", integers_[i]);
    TORCH_CHECK(reals_of(i)[7] > 0, "hone::sample: the temperature of log-probs must be above 0, got ", reals_of(i)[7]);
  }

  ids_ = at::empty({count()}, at::kLong);
  log_probs_ = at::empty({count()}, at::kFloat);
}

SampleChoice Choices::read(int64_t choice) const {
  const double* const reals = reals_of(choice);
  const int64_t* const integers = integers_of(choice);
  const int32_t* const tokens = data<int32_t>(tokens_);
  SampleChoice read{};
  read.temperature = reals[0];
  read.top_p = reals[1];
  read.min_p = reals[2];
  read.repetition = static_cast<float>(reals[3]);
  read.frequency = static_cast<float>(reals[4]);
  read.presence = static_cast<float>(reals[5]);
  read.uniform = reals[6];
  read.log_prob_temperature = reals[7];
  read.top_k = integers[1];
  read.text = tokens + integers[2];
  read.length = integers[3];
  read.prompt = integers[4];
  read.banned = tokens + integers[5];
  read.banned_count = integers[6];
  return read;
}

template <class T>
void Choices::choose(int64_t choice, const T* logits, int64_t vocabulary) const {
  const SampledToken token = kernels<T>().sample(logits + row(choice) * vocabulary, vocabulary, read(choice),
                                                 scratch(sample_scratch(vocabulary)));
  data<int64_t>(ids_)[choice] = token.id;
  data<float>(log_probs_)[choice] = token.log_prob;
}

void Choices::check_tokens(int64_t vocabulary) const {
  for (int64_t i = 0; i < tokens_.numel(); i++) {
    const int32_t token = data<int32_t>(tokens_)[i];
    TORCH_CHECK(token >= 0 && token < vocabulary, "hone::sample: tokens must be from 0 to ", vocabulary - 1, ", got ",
                token);
  }
}

template void Choices::choose(int64_t, const float*, int64_t) const;
template void Choices::choose(int64_t, const bfloat*, int64_t) const;

namespace {

std::tuple<Tensor, Tensor> sample(const Tensor& logits, const Tensor& reals, const Tensor& integers,
                                  const Tensor& tokens) {
  TORCH_CHECK(logits.dim() == 2 && is_fused(logits),
              "hone::sample: logits must be float32 or bfloat16 [row, vocab] on "
              "the cpu, got ",
              logits.toString(), " ", logits.sizes());
  const Tensor rows = logits.contiguous();
  const Choices choices(reals, integers, tokens, rows.size(0));
  choices.check_tokens(rows.size(1));
  with_type_of(rows, [&](auto type) {
    using T = decltype(type);
    run_team([&](Teammate& mate) {
      mate.meet(choices.count());
      for (auto some = mate.take(1); some.count > 0; some = mate.take(1)) {
        choices.choose(some.first, data<T>(rows), rows.size(1));
      }
    });
  });
  return {choices.ids(), choices.log_probs()};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("sample(Tensor logits, Tensor reals, Tensor integers, Tensor tokens) -> (Tensor, Tensor)", sample);
}

}  // namespace hone::decoder

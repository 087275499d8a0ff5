// What each compilation of vector/ offers: plain functions over plain memory, so that nothing but this table
// crosses from code compiled for one processor to code compiled for all.
#pragma once

#include <cstdint>

#include "bfloat.h"
#include "isa.h"

namespace hone {

/// How a row of products hidden · weightᵀ becomes logits: z = cap(scale · (x + bias)) / temperature.
struct LogitTransform {
  const float* bias;  // [vocab], or null
  float scale;
  float softcap;  // 0: none
  float temperature;
};

/// What is known of one row of logits z, its probabilities p = softmax(z), and its target.
struct LogitRow {
  float largest;         // max z
  float log_sum;         // log Σ e^(z - largest)
  float log_prob;        // log p of the target
  float entropy;         // -Σ p log p
  float log_sum_square;  // log Σ p²
  float mean;            // mean of z
  int64_t top;           // the first id with the largest logit
};

/// One row's incoming gradients, of its log-prob and of its entropy.
struct LogitGradients {
  int64_t target;
  float largest;
  float log_sum;
  float entropy;
  float log_prob_gradient;
  float entropy_gradient;
};

/// The constants of one AdamW step.
struct AdamWStep {
  float beta1;
  float beta2;
  float epsilon;
  float step_size;        // lr / (1 - beta1^t)
  float root_correction;  // sqrt(1 - beta2^t)
  float keep;             // 1 - lr · weight decay
  float gradient_scale;
};

/// What does not change within one call of attention. Query heads come in groups that share a key-value head.
struct AttentionShape {
  int64_t dim;
  int64_t group;
  int64_t window;  // 0: none
  float scale;
  float softcap;  // 0: none
};

/// The keys or values of one head and one context: position p is at data + p · stride, or, with pages,
/// at data + pages[p / page_size] · page_stride + (p % page_size) · stride.
template <class T>
struct ContextRows {
  const T* data;
  int64_t stride;
  const int32_t* pages;
  int64_t page_size;
  int64_t page_stride;
};

/// Rows [query, group head] of a group of heads.
template <class T>
struct QueryRows {
  T* data;
  int64_t stride;
  int64_t head_stride;
};

/// The queries at positions first .. first + count of one context, for the heads of one group.
template <class T>
struct AttentionForward {
  AttentionShape shape;
  QueryRows<const T> queries;
  ContextRows<T> keys;
  ContextRows<T> values;
  QueryRows<T> out;
  QueryRows<float> log_sum;  // data null: not wanted
  int64_t first;
  int64_t count;
};

/// All of one segment, for the heads of one group.
template <class T>
struct AttentionBackward {
  AttentionShape shape;
  QueryRows<const T> queries;
  ContextRows<T> keys;
  ContextRows<T> values;
  QueryRows<const T> out;
  QueryRows<const T> out_gradient;
  QueryRows<const float> log_sum;
  QueryRows<T> query_gradient;
  T* key_gradient;
  T* value_gradient;
  int64_t gradient_stride;  // of key_gradient and value_gradient
  int64_t count;
};

template <class T>
struct Kernels {
  /// Rows of x / sqrt(mean(x²) + epsilon) · weight; inverse gets 1 / sqrt(…) of each row.
  void (*rms_norm)(const T* x, const float* weight, T* y, float* inverse, int64_t rows, int64_t hidden, float epsilon);
  /// Gradients of rows of rms_norm; weight_gradient [hidden] is added to.
  void (*rms_norm_backward)(const T* y_gradient, const T* x, const float* weight, const float* inverse, T* x_gradient,
                            float* weight_gradient, int64_t rows, int64_t hidden);

  /// The heads of one token, turned by the angles whose cosines and sines are given (sign -1: turned back).
  void (*rotary)(const T* x, int64_t head_stride, T* y, int64_t heads, int64_t dim, const float* cos, const float* sin,
                 int64_t half, float sign);

  void (*swiglu)(const T* gate, const T* up, T* y, int64_t n);
  void (*swiglu_backward)(const T* y_gradient, const T* gate, const T* up, T* gate_gradient, T* up_gradient, int64_t n);

  /// scratch: vocab floats.
  LogitRow (*logit_row)(const T* products, int64_t vocab, int64_t target, const LogitTransform& transform,
                        float* scratch);
  /// Replaces the products of one row by the gradients with respect to them.
  void (*logit_row_backward)(T* products, int64_t vocab, const LogitTransform& transform,
                             const LogitGradients& gradients);

  /// One step over n numbers with gradients of type T; shadow may be null.
  void (*adamw)(float* parameter, const T* gradient, float* first, float* second, bfloat* shadow, int64_t n,
                const AdamWStep& step);
  double (*sum_of_squares)(const T* x, int64_t n);

  /// sum += x.
  void (*accumulate)(float* sum, const T* x, int64_t n);

  /// How many queries one call of attention may take, and the floats of scratch it needs.
  int64_t (*attention_queries)(const AttentionShape& shape);
  int64_t (*attention_scratch)(const AttentionShape& shape);
  void (*attention)(const AttentionForward<T>& task, float* scratch);
  int64_t (*attention_backward_scratch)(const AttentionShape& shape, int64_t count);
  void (*attention_backward)(const AttentionBackward<T>& task, float* scratch);
};

struct KernelSet {
  Kernels<float> float32;
  Kernels<bfloat> bfloat16;
};

namespace portable {
extern const KernelSet kernels;
}
#if defined(__x86_64__)
namespace avx2 {
extern const KernelSet kernels;
}
namespace avx512 {
extern const KernelSet kernels;
}
namespace avx512_bf16 {
extern const KernelSet kernels;
}
#endif

}  // namespace hone

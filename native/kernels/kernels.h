// What each compilation of vector/ offers: plain functions over plain memory, so that nothing but this table
// crosses from code compiled for one processor to code compiled for all.
#pragma once

#include <cstdint>

#include "bfloat.h"
#include "isa.h"
#include "packed.h"
#include "pages.h"
#include "sampling.h"

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

/// Numbers of a moment in 8 bits that share a scale.
inline constexpr int64_t kStateBlock = 256;

/// A table of dynamic tree quantisation (arXiv:1511.04561) as the kernels search it: 256 rising values, equally spaced in
/// each of seven decades.
struct ByteTable {
  static constexpr int kPieces = 8;  // the decades, and what is near 1

  float values[256];
  float midpoints[256];         // between neighbours; the last, of what is below all codes, is minus infinity
  uint8_t value_bytes[4][256];  // the bytes of the values, the lowest of each first
  uint8_t midpoint_bytes[4][256];
  float borders[kPieces + 2];  // where the pieces of magnitudes begin: the first at 0, and at last two infinities
  float slopes[kPieces];       // slope · |x| + offset, cut to an integer, is how many midpoints lie between 0 and x, or
  float offsets[kPieces];      // one less
  int32_t zero;                // the place of 0
};

/// What does not change within one call of attention. Query heads come in groups that share a key-value head.
struct AttentionShape {
  int64_t dim;
  int64_t group;
  int64_t window;  // 0: none
  float scale;
  float softcap;  // 0: none
};

/// The keys or values of one head and one context: position p is at data + p · stride. The first positions of a context
/// may lie elsewhere: p below shared at prefix + p · stride, the others at data + (p - shared) · stride.
template <class T>
struct ContextRows {
  const T* data;
  int64_t stride;
  const T* prefix = nullptr;
  int64_t shared = 0;
};

/// The keys and values of one head and one context in pages of the cache (pages.h): page i of the context is number
/// table[i]. A table of null: not in pages.
template <class T>
struct ContextPages {
  T* keys;
  T* values;
  int64_t key_stride;    // from page to page
  int64_t value_stride;  // from page to page
  int64_t slots;         // positions in a page
  const int32_t* table;
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
  ContextPages<T> pages{};       // in place of keys and values, where there is a table
  ContextPages<int8_t> codes{};  // the same in 8 bits
};

/// All queries of one segment, for the heads of one group. The gradients of keys and values add up in scratch memory, a
/// row for each position of the context; those of the positions that other segments see too stay there.
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
  int64_t shared;  // positions before the segment's own
  int64_t room;    // rows of scratch memory for gradients of keys, and as many for those of values
  bool goes_on;    // whether the segment's own rows hold gradients of others already
};

/// A block of sums as a product left it.
struct ProductRows {
  float* data;
  int64_t stride;
  int64_t rows;
  int64_t columns;
};

/// What becomes of the sums of one panel; null: nothing of that kind.
struct SumChange {
  const float* bias;
  const float* gain;
  const float* added;  // rows of kPanel numbers
  const float* offset;
};

/// The non-linearity of a gate.
enum class Gate : int64_t {
  Silu,
  GeluTanh,
  Relu,
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
  /// The same over one block of numbers whose moments are codes of tables, each with a scale.
  void (*adamw8)(float* parameter, const T* gradient, uint8_t* first, float* first_scale, uint8_t* second,
                 float* second_scale, int64_t n, const AdamWStep& step, const ByteTable& signed_table,
                 const ByteTable& unsigned_table);
  double (*sum_of_squares)(const T* x, int64_t n);

  /// sum += x.
  void (*accumulate)(float* sum, const T* x, int64_t n);

  /// How many queries one call of attention may take, and the floats of scratch it needs.
  int64_t (*attention_queries)(const AttentionShape& shape);
  int64_t (*attention_scratch)(const AttentionShape& shape);
  void (*attention)(const AttentionForward<T>& task, float* scratch);
  /// Puts a key and a value of dim numbers into one slot of a page.
  void (*store_slot)(T* key_page, T* value_page, const PageShape& shape, int64_t slot, const T* key, const T* value);
  /// The same in 8 bits.
  void (*store_codes)(int8_t* key_page, int8_t* value_page, const PageShape& shape, int64_t slot, const T* key,
                      const T* value);
  int64_t (*attention_backward_scratch)(const AttentionShape& shape, int64_t room);
  /// Clears the first `count` rows of both kinds.
  void (*attention_backward_clear)(const AttentionShape& shape, int64_t room, int64_t count, float* scratch);
  void (*attention_backward)(const AttentionBackward<T>& task, float* scratch);

  /// One panel of packed weights (packed.h) from rows of weights [outputs, inputs], outputs at most kPanel.
  void (*pack_floats)(const float* weights, int64_t stride, int64_t outputs, int64_t inputs, void* panel);
  void (*pack_bfloats)(const bfloat* weights, int64_t stride, int64_t outputs, int64_t inputs, void* panel);
  /// out [rows, panels · kPanel] = x · weightsᵀ over panels that follow each other. x: rows of x_stride numbers.
  void (*packed_product)(const T* x, int64_t x_stride, const void* panels, int64_t rows, int64_t panel_count,
                         int64_t inputs, float* out, int64_t out_stride);

  /// A row of n numbers in 8 bits for a product with weights of a format, with a scale for each block.
  void (*code_row)(const T* x, int64_t n, const CodeFormat& format, const CodedRows& row);

  /// The embedding of a token, n numbers, scaled.
  void (*embed_floats)(const float* from, T* to, int64_t n, float scale);
  void (*embed_bfloats)(const bfloat* from, T* to, int64_t n, float scale);
  /// sums = gain · (sums + bias) + added + offset, for the columns of one panel at most.
  void (*change)(const ProductRows& sums, const SumChange& change);
  /// x *= factors [columns].
  void (*scale)(T* x, int64_t x_stride, int64_t rows, int64_t columns, const float* factors);
  /// out = sums + bias; bias may be null.
  void (*finish)(const ProductRows& sums, const float* bias, T* out, int64_t out_stride);
  /// x += scale · (sums + bias).
  void (*finish_residual)(const ProductRows& sums, const float* bias, float scale, T* x, int64_t x_stride);
  /// out = gate(first) · second, where panels of the two take turns in the sums and columns counts one of them.
  void (*finish_gate)(const ProductRows& sums, const float* gate_bias, const float* up_bias, Gate kind, T* out,
                      int64_t out_stride);
  /// out = cap(sums / divisor); a cap of 0: none.
  void (*finish_logits)(const ProductRows& sums, float divisor, float cap, T* out, int64_t out_stride);

  /// Chooses from a row of n logits; scratch: sample_scratch(n) floats.
  SampledToken (*sample)(const T* logits, int64_t n, const SampleChoice& choice, float* scratch);
};

/// Weights in few bits (packed.h).
struct CodeKernels {
  /// One panel from rows of numbers [outputs, inputs], outputs at most kPanel: each block's numbers rounded to codes.
  void (*code_floats)(const float* weights, int64_t stride, int64_t outputs, int64_t inputs, WeightCode code,
                      uint8_t* panel);
  void (*code_bfloats)(const bfloat* weights, int64_t stride, int64_t outputs, int64_t inputs, WeightCode code,
                       uint8_t* panel);
  /// The same from rows of GGUF's blocks of the same kind, `stride` bytes apart: codes, scales and least numbers as they
  /// are.
  void (*repack_blocks)(const uint8_t* blocks, int64_t stride, int64_t outputs, int64_t inputs, WeightCode code,
                        uint8_t* panel);
  /// The numbers that an output of a panel stands for.
  void (*numbers)(const uint8_t* panel, int64_t output, int64_t inputs, WeightCode code, float* numbers);
  /// out [rows, panels · kPanel] = x · weightsᵀ over panels that follow each other. Products of codes are summed as
  /// integers over a block, blocks as floats in their order.
  void (*product)(const CodedRows& x, const uint8_t* panels, WeightCode code, int64_t rows, int64_t panel_count,
                  int64_t inputs, float* out, int64_t out_stride);
};

struct KernelSet {
  Kernels<float> float32;
  Kernels<bfloat> bfloat16;
  CodeKernels codes;
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
namespace avx512_vnni {
extern const KernelSet kernels;
}
namespace avx512_bf16 {
extern const KernelSet kernels;
/// The same, but for products with packed weights in bfloat16 and in 8 bits, which are of tiles: those of the
/// processor, and those of a model of it (vector/tile_model.h).
extern const KernelSet amx_kernels;
extern const KernelSet modelled_amx_kernels;
}  // namespace avx512_bf16
#endif

}  // namespace hone

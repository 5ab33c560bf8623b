/* The contestant in C: one multi-layer perceptron, tanh after every layer, mean squared error, SGD.

   Every size is fixed when this is compiled, and nothing else is asked of it: no dispatch, no sizes to read, no
   allocation. Activations are [unit][lane], an example a lane, so that the compiler vectorises over the batch;
   lanes are padded to 16, which is faster at batch 10 than 10 are.

   BATCH, EXAMPLES, INPUTS, OUTPUTS; LAST, the number of the last layer;
   LAYERS(F), F(before, number, inputs, outputs) for every layer from 1 on; SREYAL(F), the same backwards. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define LANES ((BATCH + 15) / 16 * 16)
#define OF(name, number) OF_(name, number)
#define OF_(name, number) name##number
#define INLINE static inline __attribute__((always_inline))

typedef float Lanes[LANES] __attribute__((aligned(64)));

static Lanes x0[INPUTS], dz0[INPUTS], y[OUTPUTS];
#define DECLARE(before, k, I, O) static float w##k[O][I], b##k[O], dw##k[O][I], db##k[O]; static Lanes x##k[O], dz##k[O];
LAYERS(DECLARE)

INLINE void forward(int O, int I, float w[restrict O][I], float b[restrict O], Lanes *restrict x, Lanes *restrict y) {
    for (int o = 0; o < O; o++) {
        float z[LANES];
        for (int n = 0; n < LANES; n++)
            z[n] = b[o];
        for (int i = 0; i < I; i++)
            for (int n = 0; n < LANES; n++)
                z[n] += w[o][i] * x[i][n];
        for (int n = 0; n < LANES; n++)
            y[o][n] = z[n];
    }
    float *restrict all = y[0];
    for (int k = 0; k < O * LANES; k++)
        all[k] = tanhf(all[k]);
}

INLINE void weight_gradient(int O, int I, float dw[restrict O][I], float db[restrict O], Lanes *restrict dz, Lanes *restrict x) {
    for (int o = 0; o < O; o++) {
        float bias = 0;
        for (int n = 0; n < LANES; n++)
            bias += dz[o][n];
        db[o] = bias;
        for (int i = 0; i < I; i++) {
            float weight = 0;
            for (int n = 0; n < LANES; n++)
                weight += dz[o][n] * x[i][n];
            dw[o][i] = weight;
        }
    }
}

INLINE void input_gradient(int O, int I, float w[restrict O][I], Lanes *restrict dz, Lanes *restrict x, Lanes *restrict dx) {
    for (int i = 0; i < I; i++) {
        float d[LANES];
        for (int n = 0; n < LANES; n++)
            d[n] = 0;
        for (int o = 0; o < O; o++)
            for (int n = 0; n < LANES; n++)
                d[n] += w[o][i] * dz[o][n];
        for (int n = 0; n < LANES; n++)
            dx[i][n] = d[n] * (1 - x[i][n] * x[i][n]);
    }
}

/* The loss; its gradient before the last tanh. Lanes without an example count in no mean. */
INLINE float mse(int count, Lanes *restrict p, Lanes *restrict y, Lanes *restrict dz) {
    float sum = 0, mean = 1.0f / (OUTPUTS * count);
    for (int o = 0; o < OUTPUTS; o++)
        for (int n = 0; n < LANES; n++) {
            float d = n < count ? p[o][n] - y[o][n] : 0;
            sum += d * d;
            dz[o][n] = 2 * mean * d * (1 - p[o][n] * p[o][n]);
        }
    return sum * mean;
}

INLINE void sgd(int N, float *restrict p, float *restrict g, float lr) {
    for (int k = 0; k < N; k++)
        p[k] -= lr * g[k];
}

static uint32_t random_word(void) { /* Marsaglia, "Xorshift RNGs", 2003 */
    static uint32_t state = 2463534242u;
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

static int order[EXAMPLES];

static void shuffle(void) {
    for (int k = EXAMPLES - 1; k > 0; k--) {
        int other = (uint64_t)random_word() * (k + 1) >> 32, kept = order[k];
        order[k] = order[other];
        order[other] = kept;
    }
}

/* Train on; the loss of the last batch. */
float train(long epochs, int shuffled, const float inputs[][INPUTS], const float targets[][OUTPUTS], float lr) {
    float loss = 0;
    for (int k = 0; k < EXAMPLES; k++)
        order[k] = k;
    for (long epoch = 0; epoch < epochs; epoch++) {
        if (shuffled)
            shuffle();
        for (int start = 0; start < EXAMPLES; start += BATCH) {
            int count = EXAMPLES - start < BATCH ? EXAMPLES - start : BATCH;
            for (int n = 0; n < count; n++) {
                int k = order[start + n];
                for (int i = 0; i < INPUTS; i++)
                    x0[i][n] = inputs[k][i];
                for (int o = 0; o < OUTPUTS; o++)
                    y[o][n] = targets[k][o];
            }
#define FORWARD(before, k, I, O) forward(O, I, w##k, b##k, x##before, x##k);
            LAYERS(FORWARD)
            loss = mse(count, OF(x, LAST), y, OF(dz, LAST));
#define BACKWARD(before, k, I, O)                              \
            weight_gradient(O, I, dw##k, db##k, dz##k, x##before); \
            if (before > 0)                                    \
                input_gradient(O, I, w##k, dz##k, x##before, dz##before);
            SREYAL(BACKWARD)
#define STEP(before, k, I, O)            \
            sgd(O * I, *w##k, *dw##k, lr); \
            sgd(O, b##k, db##k, lr);
            LAYERS(STEP)
        }
    }
    return loss;
}

/* Copy the parameters in (or out): weight and bias of every layer, one after the other. */
#define COPY_IN(before, k, I, O)                            \
    memcpy(w##k, from, sizeof w##k), from += O * I; \
    memcpy(b##k, from, sizeof b##k), from += O;
#define COPY_OUT(before, k, I, O)                       \
    memcpy(to, w##k, sizeof w##k), to += O * I; \
    memcpy(to, b##k, sizeof b##k), to += O;

void set_parameters(const float *from) { LAYERS(COPY_IN) }

void get_parameters(float *to) { LAYERS(COPY_OUT) }

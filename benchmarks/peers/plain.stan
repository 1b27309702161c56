// The model of ../plain_model.py in Stan: random walk not centred, cutpoints as sums of positive steps.
// Answers come sorted by item, so that each item's are one vectorised statement.
data {
  int<lower=1> N, U, T, J, R, K; // answers, units, times, items, raters, cutpoints
  array[N] int<lower=1, upper=U> unit;
  array[N] int<lower=1, upper=T> time;
  array[N] int<lower=1, upper=R> rater;
  array[N] int<lower=1, upper=K + 1> y;
  array[J] int<lower=1> first, last; // an item's answers
}
parameters {
  real<lower=0> step;
  vector[U] start;
  matrix[U, T - 1] moves;
  vector<lower=0>[J] loading;
  real cut_mean;
  vector[J] middle;
  array[J] vector<lower=0>[K - 1] gaps;
  vector[R] severity;
}
transformed parameters {
  matrix[U, T] theta;
  array[J] vector[K] cutpoints;
  theta[, 1] = start;
  for (t in 2 : T)
    theta[, t] = theta[, t - 1] + step * moves[, t - 1];
  for (j in 1 : J) {
    vector[K] edges = append_row(0, cumulative_sum(gaps[j]));
    cutpoints[j] = edges + middle[j] - mean(edges);
  }
}
model {
  step ~ normal(0, 0.5);
  start ~ std_normal();
  to_vector(moves) ~ std_normal();
  loading ~ lognormal(0, 0.5);
  cut_mean ~ normal(0, 2);
  middle ~ normal(cut_mean, 1);
  for (j in 1 : J)
    gaps[j] ~ lognormal(log(1.3), 0.7);
  severity ~ std_normal();
  for (j in 1 : J) {
    int n = last[j] - first[j] + 1;
    vector[n] eta;
    for (i in 1 : n) {
      int a = first[j] + i - 1;
      eta[i] = loading[j] * theta[unit[a], time[a]] - severity[rater[a]];
    }
    y[first[j] : last[j]] ~ ordered_logistic(eta, cutpoints[j]);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
/** What pods and nodes used at a moment, as a metrics server gives it: {@code metrics.k8s.io}. */
package dev.traversion.rewind.metrics;

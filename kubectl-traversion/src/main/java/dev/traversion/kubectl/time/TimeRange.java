/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

/** {@code A..B} as it was written. */
public record TimeRange(TimeExpression from, TimeExpression to) {}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

/**
 * A condition of a Table row; the API server sets one on the rows of pods that have ended.
 *
 * @param type {@code Completed}
 * @param status {@code True}
 * @param reason one word
 * @param message a sentence
 */
public record RowCondition(String type, String status, String reason, String message) {}

/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.store;

/**
 * Whether the place of a recording can be reached.
 *
 * @param status as of a condition
 * @param reason one word in CamelCase
 * @param message what to do, if there is anything to do
 */
public record StoreState(String status, String reason, String message) {}

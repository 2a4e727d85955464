/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

/**
 * A {@code columnDefinition} of a {@code meta.k8s.io/v1} Table.
 *
 * @param name heading; kubectl prints it in capitals
 * @param type OpenAPI type of the cells: {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param format OpenAPI format, {@code ""} for none; {@code name} marks the column that identifies the object
 * @param description what the column shows, {@code ""} for none
 * @param priority 0: always shown; above: only in wide output
 */
public record Column(String name, String type, String format, String description, int priority) {}

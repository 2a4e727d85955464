/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.ResourceType;
import java.util.Set;

/**
 * What is looked at.
 *
 * @param types only these; empty for all
 * @param namespace only this one; {@code ""} for all
 * @param name only objects of this name; {@code ""} for all
 */
public record Scope(Set<ResourceType> types, String namespace, String name) {

    /** Everything. */
    public static final Scope ALL = new Scope(Set.of(), "", "");
}

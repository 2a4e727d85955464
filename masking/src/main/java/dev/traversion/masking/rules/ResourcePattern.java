/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import dev.traversion.archive.ResourceType;

/** Names of resources as kubectl takes them: {@code configmaps}, {@code deployments.apps}, {@code *.example.com}, {@code *}. */
final class ResourcePattern {

    private ResourcePattern() {}

    static boolean matches(String pattern, ResourceType type) {
        if (pattern.equals("*")) {
            return true;
        }
        int dot = pattern.indexOf('.');
        String resource = dot < 0 ? pattern : pattern.substring(0, dot);
        String group = dot < 0 ? "" : pattern.substring(dot + 1);
        return group.equals(type.group()) && (resource.equals("*") || resource.equals(type.resource()));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/** The custom resources of the API group traversion.dev: Java types from which the YAML is generated. */
package dev.traversion.crds;

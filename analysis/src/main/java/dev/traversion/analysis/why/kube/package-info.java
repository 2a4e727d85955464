/* SPDX-License-Identifier: Apache-2.0 */
/** What Kubernetes would decide: selectors, quantities, references, scheduling, policies. Pure functions over objects. */
package dev.traversion.analysis.why.kube;

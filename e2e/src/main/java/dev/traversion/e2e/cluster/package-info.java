/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Real parts for tests: one Kubernetes and one object store shared by the whole run, namespaces of a test's own, and control planes a test
 * may break. A test asks by annotation and parameter; where a part cannot be had, the test is skipped with the reason.
 */
package dev.traversion.e2e.cluster;

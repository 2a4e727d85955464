/* SPDX-License-Identifier: Apache-2.0 */
/** What the operator is told by whoever installs it. */
package dev.traversion.operator.settings;

/* SPDX-License-Identifier: Apache-2.0 */
/** How completely a recording is being made. */
package dev.traversion.analysis.status;

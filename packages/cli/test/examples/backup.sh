# #region export
parley hub export lab.jsonl
# #endregion export

# #region backup
parley hub backup parley.backup
# #endregion backup

# #region restore
parley hub restore parley.backup --data ./restored
parley hub start --data ./restored
# #endregion restore

# #region postgres
parley hub restore parley.backup
parley hub start
# #endregion postgres

# #region import
parley hub import lab.jsonl
# #endregion import

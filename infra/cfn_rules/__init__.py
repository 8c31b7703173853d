"""House rules of the template, run by cfn-lint: ``cfn-lint --append-rules infra/cfn_rules template.yaml``.

cfn-lint expands the SAM transform before it runs a rule, so the rules read plain CloudFormation.
"""
